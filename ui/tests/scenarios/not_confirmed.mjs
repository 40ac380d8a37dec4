// What was asked and never confirmed is told in words that anybody can reach; then it is asked again, or let
// go.
import assert from 'node:assert/strict';

import {device, switched} from '../browser.mjs';

export default async function ({page, viewport}) {
    const press = (locator) => (viewport === 'phone' ? locator.tap() : locator.click());
    const deaf = device(page, 'Deaf lamp');
    const badge = deaf.getByRole('button', {name: 'Not confirmed'});
    await badge.focus(); // it is in the order of the keyboard
    await page.keyboard.press('Enter');
    await deaf.getByText('Asked for on, which it did not confirm').waitFor();
    assert.equal(await badge.getAttribute('aria-expanded'), 'true');
    await press(deaf.getByRole('button', {name: 'Let it be'}));
    await badge.waitFor({state: 'detached'});

    const mute = device(page, 'Mute lamp');
    await press(mute.getByRole('button', {name: 'Not confirmed'}));
    await press(mute.getByRole('button', {name: 'Try again'}));
    await switched(page, 'Mute lamp', true);
    await mute.getByRole('button', {name: 'Not confirmed'}).waitFor({state: 'detached'});

    // What wanted a second yes wants it again.
    const gate = device(page, 'Deaf gate');
    await press(gate.getByRole('button', {name: 'Not confirmed'}));
    const again = gate.getByRole('button', {name: 'Try again'});
    const question = gate.getByText('Deaf gate: open. Ask for it again?', {exact: true});
    await press(again);
    await question.waitFor();
    await press(gate.getByRole('button', {name: 'Cancel'}));
    await question.waitFor({state: 'detached'});
    await press(again);
    await press(gate.getByRole('button', {name: 'Yes, ask again'}));
    await again.waitFor({state: 'detached'});
}
