// Who goes through the page with the keyboard sees where they are: nothing that has the focus is behind the
// bar above or the tabs below, and a field that is still empty is shown with its complaint.
import assert from 'node:assert/strict';

import {device} from '../browser.mjs';

const stops = 90;

export default async function ({page, url}) {
    await page.setViewportSize({width: 390, height: 700});
    await device(page, 'Kitchen light').waitFor();
    const hidden = [];
    for (let i = 0; i < stops; i += 1) {
        await page.keyboard.press('Tab');
        const behind = await page.evaluate(isBehindABar);
        if (behind) hidden.push(behind);
    }
    for (let i = 0; i < stops / 2; i += 1) {
        await page.keyboard.press('Shift+Tab');
        const behind = await page.evaluate(isBehindABar);
        if (behind) hidden.push(behind);
    }
    assert.deepEqual(hidden, []);

    await page.goto(`${url}/#/rules/+`);
    await page.getByRole('button', {name: 'Save rule'}).click();
    const name = await page.getByLabel('Name', {exact: true}).boundingBox();
    const bar = await page.locator('header.top').boundingBox();
    assert.ok(name.y >= bar.y + bar.height, `the field at ${name.y} is behind the bar`);
}

/** What has the focus, where less than half of it is seen. */
function isBehindABar() {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (!focused || focused === document.body) return null;
    const app = document.querySelector('hearth-app').shadowRoot;
    const bar = app.querySelector('header.top');
    const tabs = bar.querySelector('nav');
    if (bar.contains(focused) || bar.contains(focused.getRootNode().host)) return null;
    const box = focused.getBoundingClientRect();
    const top = Math.max(box.top, bar.getBoundingClientRect().bottom);
    const bottom = Math.min(box.bottom, tabs.getBoundingClientRect().top);
    const seen = (bottom - top) / Math.max(box.height, 1);
    return seen < 0.5 ? `${focused.outerHTML.slice(0, 60)} ${box.top}..${box.bottom}` : null;
}
