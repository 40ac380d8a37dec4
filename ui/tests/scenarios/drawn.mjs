// What a device looks like comes from the hub's catalogue: until it is there all look alike, then each as
// what it is.
import assert from 'node:assert/strict';

import {device, until} from '../browser.mjs';

export default async function ({page}) {
    const drawing = (name) => device(page, name).locator('.drawing svg').innerHTML();
    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route('**/api/v1/catalog', async (route) => {
        await held;
        await route.continue();
    });
    await page.reload();
    await device(page, 'Kitchen light').waitFor();
    const plain = await drawing('Kitchen light');
    assert.equal(await drawing('Coffee machine'), plain);

    letGo();
    await until('the light is drawn', async () => (await drawing('Kitchen light')) !== plain);
    const names = ['Kitchen light', 'Coffee machine', 'Hall motion', 'Bedroom curtain'];
    const drawn = await Promise.all(names.map(drawing));
    assert.equal(new Set([plain, ...drawn]).size, names.length + 1, drawn.join('\n'));
    assert.equal(await drawing('Hall light'), drawn[0]);
}
