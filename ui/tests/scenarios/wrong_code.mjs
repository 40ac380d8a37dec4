// A wrong claim code is refused with words, and the form stays as it was.
import {person} from '../browser.mjs';

export const atTheDoor = true;
export const watch = false; // the browser itself logs the refusal

export default async function ({page}) {
    await page.getByLabel('Claim code', {exact: true}).fill('ZZZZ-ZZZZ');
    await page.getByLabel('Name', {exact: true}).fill(person.name);
    await page.getByLabel('Password', {exact: true}).fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({hasText: /\S/}).waitFor();
    await page.getByLabel('Claim code', {exact: true}).waitFor();
}
