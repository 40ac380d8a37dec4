// What a device calls its things stands where their paths would: on its row, among its readings, in the builder.
import assert from 'node:assert/strict';

import {device} from '../browser.mjs';

export default async function ({page}) {
    const row = device(page, 'Shed box');
    await row.getByRole('switch', {name: 'Shed box: Well pump', exact: true}).waitFor();
    await row.getByText('Patio light', {exact: true}).waitFor();
    await row.getByRole('link', {name: 'Shed box', exact: true}).click();
    const readings = page.locator('dt');
    await readings.filter({hasText: 'Wind speed'}).waitFor();
    const words = (await readings.allInnerTexts()).map((text) => text.trim());
    assert.ok(words.includes('Well pump'), words.join(', '));
    assert.ok(!words.some((word) => /Ws|Well pump: Power/.test(word)), words.join(', '));
}
