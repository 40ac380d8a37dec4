// Who mistypes is told before the next tries have to wait; where too many stand in line, the door says for how
// long, takes no more tries meanwhile, and then lets the right password in.
import {device, person, until} from '../browser.mjs';

export const atTheDoor = true;
export const watch = false; // it is refused, which the console tells

export default async function ({page}) {
    const button = page.getByRole('button', {name: 'Sign in'});
    const password = page.getByLabel('Password', {exact: true});
    await page.getByLabel('Name', {exact: true}).fill(person.name);
    await password.fill('wrong once');
    await button.click();
    await page.getByText(/after 1 more tries/).waitFor();

    await page.evaluate((name) => {
        for (let i = 0; i < 5; i += 1)
            fetch('/api/v1/session', {
                method: 'POST',
                body: JSON.stringify({name, password: `wrong ${i}`}),
            }).catch(() => undefined);
    }, person.name);
    await password.fill(person.password);
    await button.click();
    await page.getByText(/You can try again in \d+ seconds/).waitFor();
    await until('no more tries', () => button.isDisabled());
    await page.getByText(/You can try again/).waitFor({state: 'detached', timeout: 40_000});
    await button.click();
    await device(page, 'Kitchen light').waitFor({timeout: 40_000});
}
