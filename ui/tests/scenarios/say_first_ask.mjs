// A sentence that opens a door, or moves the whole house, is answered with a question; only a yes to it does
// anything, and just what the question named.
import assert from 'node:assert/strict';

import {device} from '../browser.mjs';

async function say(page, sentence) {
    await page.getByLabel('Say what should happen').last().fill(sentence);
    await page.keyboard.press('Enter');
    const question = page.locator('[data-part=question]');
    await question.waitFor();
    return question;
}

export default async function ({page, viewport}) {
    const press = (locator) => (viewport === 'phone' ? locator.tap() : locator.click());
    const door = device(page, 'Front door');
    let question = await say(page, 'unlock the front door');
    assert.match(await question.textContent(), /Front door/);
    await page.keyboard.press('Enter'); // one too many: it answers nothing
    await door.getByText('Locked', {exact: true}).waitFor();
    assert.equal(await door.getByText('Waiting').count(), 0);
    await press(question.getByRole('button', {name: 'Cancel'}));
    await question.waitFor({state: 'detached'});

    question = await say(page, 'turn everything off');
    assert.match(await question.textContent(), /Kitchen light/, 'it names what would move');
    await press(question.getByRole('button', {name: 'Cancel'}));
    await question.waitFor({state: 'detached'});

    question = await say(page, 'unlock the front door');
    await press(question.getByRole('button', {name: 'Yes'}));
    await question.waitFor({state: 'detached'});
    await door.getByText('Waiting').waitFor();
}
