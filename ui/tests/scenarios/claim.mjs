// The first person claims the home with the code, by Enter; a new tab is signed in too; signing out
// leads to a form that lets the same person in again.
import {device, enter} from '../browser.mjs';

export const atTheDoor = true;

export default async function ({context, page, url, code}) {
    await page.getByLabel('Claim code', {exact: true}).waitFor();
    await enter(page, code);

    const tab = await context.newPage();
    await tab.goto(url);
    await device(tab, 'Kitchen light').waitFor();
    await tab.close();

    await page.getByRole('button', {name: 'Settings'}).click();
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.getByRole('heading', {name: 'Sign in'}).waitFor();
    await enter(page, code);
}
