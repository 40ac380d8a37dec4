// Where the system paints everything in its own few colours, a switch still has its thumb, on is not off, and a
// slider has its track.
import assert from 'node:assert/strict';

import {toggle, turn} from '../browser.mjs';

export default async function ({page}) {
    await page.emulateMedia({forcedColors: 'active'});
    await turn(page, 'Kitchen light', true);
    const on = await colours(page);
    await turn(page, 'Kitchen light', false);
    const off = await colours(page);
    for (const [name, state] of Object.entries({on, off}))
        assert.notEqual(state.knob, state.ground, `the thumb is seen while it is ${name}`);
    assert.notEqual(on.ground, off.ground, 'on is not off');
    const adjust = await page
        .getByRole('slider', {name: 'Brightness: Kitchen light'})
        .evaluate((input) => getComputedStyle(input).forcedColorAdjust);
    assert.equal(adjust, 'none', 'the track is drawn');
}

function colours(page) {
    return toggle(page, 'Kitchen light').evaluate((button) => ({
        ground: getComputedStyle(button).backgroundColor,
        knob: getComputedStyle(button.querySelector('.knob')).backgroundColor,
    }));
}
