// What no device has told is drawn as not known: no switch stands on off, no slider at an end, no choice on
// its first entry; and "nothing reported yet" stands only where that is so.
import assert from 'node:assert/strict';

import {device, intercept, toggle, until} from '../browser.mjs';

const silent = 'nothing reported yet';

export default async function ({page}) {
    // A value at the side is a report too.
    const smoke = device(page, 'Hall smoke');
    await smoke.getByText('Smoke', {exact: true}).waitFor();
    assert.equal(await smoke.getByText(silent).count(), 0);
    await device(page, 'Silent window').getByText(silent).waitFor();

    const lamp = toggle(page, 'New lamp');
    assert.equal(await lamp.getAttribute('aria-checked'), 'mixed');
    await until('the switch says so in words', async () =>
        /not known/.test(await lamp.evaluate(describedBy)),
    );
    await isUnknown(page, 'Brightness: New lamp');
    await isUnknown(page, 'Warmth: New lamp');
    assert.equal(await toggle(page, 'Kitchen light').getAttribute('aria-checked'), 'true');

    // An unknown lock may be either: both ways are open.
    const door = device(page, 'Back door');
    await door.getByRole('button', {name: 'Lock Back door', exact: true}).waitFor();
    await door.getByRole('button', {name: 'Unlock Back door', exact: true}).waitFor();

    // Each entry can be chosen, also the first of the list.
    const mode = page.getByRole('combobox', {name: 'Mode: Boiler'});
    assert.equal(await mode.inputValue(), '');
    await device(page, 'Boiler').getByText('–', {exact: true}).first().waitFor();
    await mode.selectOption('');
    await mode.selectOption('auto');
    await device(page, 'Boiler').getByText('Waiting').waitFor();

    await device(page, 'Fan knob').getByRole('link', {name: 'Fan knob'}).click();
    const knob = page.getByRole('combobox');
    await until('the choice is open', async () => (await knob.last().inputValue()) === '');
    await page.getByRole('navigation').getByRole('link', {name: 'Home'}).click();
    await device(page, 'Kitchen light').waitFor();

    await comesToBeUnknown(page);
}

/** What was known and is not any more: null in the twin. */
async function comesToBeUnknown(page) {
    const hub = await intercept(page);
    await device(page, 'Kitchen light').waitFor();
    const id = await device(page, 'Kitchen light').getAttribute('data-device');
    const whole = await page.evaluate(
        async (which) => (await fetch(`/api/v1/devices/${which}`)).json(),
        id,
    );
    hub.tell({
        kind: 'device',
        device: {...whole, reported: {on_off: {on: null}, level: {percent: null}}},
    });
    await until('the switch is open', async () => {
        const state = await toggle(page, 'Kitchen light').getAttribute('aria-checked');
        return state === 'mixed';
    });
    await isUnknown(page, 'Brightness: Kitchen light');
    await device(page, 'Kitchen light').getByText(silent).waitFor();
}

async function isUnknown(page, name) {
    const slider = page.getByRole('slider', {name, exact: true});
    assert.equal(await slider.getAttribute('aria-valuetext'), 'not known');
    const shown = await slider.evaluate(
        (input) => input.parentElement.querySelector('output').textContent,
    );
    assert.equal(shown.trim(), '–');
    assert.ok(await slider.evaluate((input) => input.matches('.unknown')), 'it has no thumb');
}

function describedBy(element) {
    const id = element.getAttribute('aria-describedby');
    return (id && element.getRootNode().getElementById(id)?.textContent) || '';
}
