// With two locks in the house the second yes says which door it opens, and the name stands whole.
import assert from 'node:assert/strict';

import {device, seenBox} from '../browser.mjs';

export default async function ({page}) {
    await page.getByRole('button', {name: 'Unlock Front door', exact: true}).click();
    const row = device(page, 'Front door');
    const question = row.getByText('Unlock Front door?', {exact: true});
    await question.waitFor();
    assert.ok(await seenBox(page, question), 'the question is seen');
    assert.ok(await isWhole(question), 'the question stands whole');
    assert.ok(
        await isWhole(row.getByRole('link', {name: 'Front door', exact: true})),
        'so does the name',
    );
    await page.keyboard.press('Escape');
    await question.waitFor({state: 'detached'});
    await row.getByText('Locked', {exact: true}).waitFor();
}

function isWhole(locator) {
    return locator.evaluate((element) => element.scrollWidth <= element.clientWidth + 1);
}
