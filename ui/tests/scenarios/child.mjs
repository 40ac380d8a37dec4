// A child switches everything and opens nothing: the lock locks, the garage closes, names stay. Rules are
// there to read. Where the page does not know yet that a right is gone, the hub's reason is shown, and then
// the page knows.
import assert from 'node:assert/strict';

import {device, go, signIn, switched, toggle, turn} from '../browser.mjs';

export const watch = false; // the browser itself logs the refusal

export default async function ({newcomer}) {
    const page = await newcomer();
    // At first the page takes the child for an owner.
    await page.route('**/api/v1/session', async (route) => {
        if (route.request().method() !== 'GET') return route.continue();
        const response = await route.fetch();
        const session = await response.json();
        if (session.person) session.person.role = 'owner';
        await route.fulfill({response, json: session});
    });
    await signIn(page, 'Dora', 'the first of Dora');
    await device(page, 'Kitchen light').waitFor();
    await page.getByRole('button', {name: 'Unlock Front door', exact: true}).click();
    await page.unroute('**/api/v1/session');
    await page.getByRole('button', {name: 'Yes, unlock'}).click();
    await page.getByText('Dora may not open Front door').waitFor();
    await page
        .getByRole('button', {name: 'Unlock Front door', exact: true})
        .waitFor({state: 'detached'});

    await turn(page, 'Kitchen light', true);
    await toggle(page, 'Kitchen light').click();
    await switched(page, 'Kitchen light', false);
    await device(page, 'Front door').getByText('Locked', {exact: true}).waitFor();
    await page.getByRole('button', {name: 'Lock Back door', exact: true}).waitFor();
    assert.equal(await page.getByRole('button', {name: /^Unlock/}).count(), 0);
    const garage = device(page, 'Garage');
    await garage.getByRole('button', {name: 'Close: Garage'}).waitFor();
    assert.equal(await garage.getByRole('button', {name: 'Open: Garage'}).count(), 0);
    assert.equal(await garage.getByRole('slider').count(), 0);
    await device(page, 'Blind').getByRole('button', {name: 'Open: Blind'}).waitFor();
    assert.equal(await page.getByRole('button', {name: /^Rename or move/}).count(), 0);

    await device(page, 'Alarm').getByRole('link', {name: 'Alarm', exact: true}).click();
    const modes = await page.locator('attribute-control option').allInnerTexts();
    assert.ok(
        modes.some((text) => /Armed home/i.test(text)),
        modes.join(),
    );
    assert.ok(!modes.some((text) => /Disarmed/i.test(text)), modes.join());

    await go(page, 'Rules');
    const rule = page.getByRole('article', {name: 'Light at night', exact: true});
    await rule.getByText('On', {exact: true}).waitFor();
    assert.equal(await rule.getByRole('button').count(), 0);
    assert.equal(await rule.getByRole('switch').count(), 0);
    assert.equal(await page.getByRole('link', {name: 'New rule'}).count(), 0);
}
