// The door unlocks only after a second yes, and locks at once.
import {device} from '../browser.mjs';

export default async function ({page}) {
    const door = device(page, 'Front door');
    await door.getByText('Locked', {exact: true}).waitFor();
    await page.getByRole('button', {name: 'Unlock Front door'}).click();
    await door.getByRole('button', {name: 'Cancel'}).click();
    await door.getByText('Locked', {exact: true}).waitFor();

    await page.getByRole('button', {name: 'Unlock Front door'}).click();
    await door.getByRole('button', {name: 'Yes, unlock'}).click();
    await door.getByText('Unlocked', {exact: true}).waitFor();
    await page.getByRole('button', {name: 'Lock Front door'}).click();
    await door.getByText('Locked', {exact: true}).waitFor();
}
