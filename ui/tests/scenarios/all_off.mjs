// A room's lights go off at once; those that are in no room may be anywhere, and want a second yes.
import assert from 'node:assert/strict';

import {switched, toggle, turn} from '../browser.mjs';

export default async function ({page}) {
    await turn(page, 'Kitchen light', true);
    await page.getByRole('button', {name: 'Lights off: Kitchen'}).click();
    await switched(page, 'Kitchen light', false);

    const lights = ['Loose lamp 0', 'Loose lamp 1', 'Loose lamp 2'];
    await page.getByRole('button', {name: 'Lights off: No room'}).click();
    await page.getByText('Turn off 3 lights?').waitFor();
    await page.getByRole('button', {name: 'Cancel'}).click();
    for (const name of lights)
        assert.equal(await toggle(page, name).getAttribute('aria-checked'), 'true');
    await page.getByRole('button', {name: 'Lights off: No room'}).click();
    await page.getByRole('button', {name: 'Yes, turn off'}).click();
    for (const name of lights) await switched(page, name, false);
}
