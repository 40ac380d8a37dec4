// Everybody changes their own password, with the old one; an owner sets one that was forgotten. Either ends
// every other session of that person, and what the hub has to say against it stands there in its words.
import {device, goToPeople, signIn} from '../browser.mjs';

export const watch = false; // the browser itself logs the refusals

export default async function ({page, newcomer}) {
    const child = await newcomer();
    await signIn(child, 'Ben', 'the first of Ben');
    await device(child, 'Kitchen light').waitFor();
    const other = await newcomer();
    await signIn(other, 'Ben', 'the first of Ben');
    await device(other, 'Kitchen light').waitFor();

    await goToPeople(child);
    await child.getByRole('button', {name: 'Change my password'}).click();
    const form = child.getByRole('form', {name: 'Change my password'});
    await setOwn(form, 'not the first of Ben', 'the second of Ben');
    await form.getByText('the old password is wrong').waitFor();
    await setOwn(form, 'the first of Ben', 'short');
    await form.getByRole('alert').filter({hasText: '8'}).waitFor();
    await setOwn(form, 'the first of Ben', 'the second of Ben');
    await child.getByText('Your new password holds.').waitFor();
    await other.getByRole('heading', {name: 'Sign in'}).waitFor();
    await signIn(other, 'Ben', 'the second of Ben');

    await goToPeople(page);
    await page.getByRole('button', {name: 'New password for Ben'}).click();
    const forgotten = page.getByRole('form', {name: 'New password for Ben'});
    await forgotten.getByLabel('Show what is typed').check();
    await forgotten.getByLabel('New password').fill('the third of Ben');
    await forgotten.getByRole('button', {name: 'Save'}).click();
    await page.getByText('The new password of Ben holds').waitFor();
    for (const each of [child, other]) {
        await each.getByRole('heading', {name: 'Sign in'}).waitFor();
        await signIn(each, 'Ben', 'the third of Ben');
    }
}

async function setOwn(form, old, fresh) {
    await form.getByLabel('Old password').fill(old);
    await form.getByLabel('New password').fill(fresh);
    await form.getByRole('button', {name: 'Save'}).click();
}
