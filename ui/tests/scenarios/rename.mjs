// A device is renamed and moved where it stands; Escape leaves everything as it was.
import {device} from '../browser.mjs';

export default async function ({page}) {
    const row = device(page, 'Coffee machine');
    await row.hover();
    await page.getByRole('button', {name: 'Rename or move Coffee machine'}).click();
    await page.keyboard.type('Nonsense');
    await page.keyboard.press('Escape');
    await row.waitFor();

    await page.getByRole('button', {name: 'Rename or move Coffee machine'}).click();
    await row.getByLabel('Name').fill('Espresso machine');
    await row.getByLabel('Room').selectOption('Living room');
    await page.keyboard.press('Tab');
    await row.getByRole('button', {name: 'Save'}).click();
    await page
        .getByRole('region', {name: 'Living room'})
        .getByRole('article', {name: 'Espresso machine'})
        .waitFor();
}
