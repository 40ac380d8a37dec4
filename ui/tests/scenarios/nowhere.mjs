// An address that means nothing says so, and leads home; it is never blank and never another page.
import {device} from '../browser.mjs';

export default async function ({page, url}) {
    for (const hash of ['#/devices/%E0', '#/whatever', '#nonsense', '#/events/never', '#/runs/']) {
        await page.goto(`${url}/${hash}`);
        await page.getByRole('heading', {name: 'There is no such page.'}).waitFor();
    }
    await page.reload(); // as somebody who opens such a link
    await page.getByRole('heading', {name: 'There is no such page.'}).waitFor();
    await page.getByRole('link', {name: 'To the home'}).click();
    await device(page, 'Kitchen light').waitFor();
}
