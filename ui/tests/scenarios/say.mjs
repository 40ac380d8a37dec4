// Sentences in three languages do what they say and are answered; what is not understood does nothing.
import {device, go, switched, toggle, turn} from '../browser.mjs';
import assert from 'node:assert/strict';

const sentences = [
    ['English', 'turn on the hall light', 'Hall light'],
    ['中文', '打开厨房灯', 'Kitchen light'],
    ['Français', 'allume la lampe du salon', 'Living room lamp'],
];

async function say(page, language, sentence) {
    await page.getByLabel('Language of the sentence').selectOption({label: language});
    await page.locator('body').click({position: {x: 2, y: 400}});
    await page.keyboard.press('/'); // leads to the box from anywhere
    await page.keyboard.insertText(sentence);
    await page.keyboard.press('Enter');
    const answer = page.locator('[data-part=answer] p');
    await answer.waitFor();
    return answer;
}

export default async function ({page}) {
    for (const [language, sentence, name] of sentences) {
        await turn(page, name, false);
        const answer = await say(page, language, sentence);
        assert.match(await answer.textContent(), /\S/);
        await switched(page, name, true);
        await page.getByRole('button', {name: 'Dismiss the answer'}).click();
    }

    const before = await toggle(page, 'Hall light').getAttribute('aria-checked');
    await say(page, 'English', 'frobnicate seven umbrellas');
    await device(page, 'Hall light').waitFor();
    assert.equal(await toggle(page, 'Hall light').getAttribute('aria-checked'), before);

    await go(page, 'Activity');
    await page
        .locator('main [data-part=cause]')
        .getByText('you said “turn on the hall light”')
        .first()
        .waitFor();
}
