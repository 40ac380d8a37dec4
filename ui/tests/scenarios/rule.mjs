// A rule made with the builder fires: the light follows, its cause leads to the run and its trace. A
// rule may also tell people something, which shows on top of the page.
import {go, switched, turn} from '../browser.mjs';

async function newRule(page, name) {
    await go(page, 'Rules');
    await page.getByRole('link', {name: 'New rule'}).click();
    await page.getByLabel('Name', {exact: true}).fill(name);
    await page.getByLabel('Device', {exact: true}).selectOption({label: 'Kitchen light'});
    await page.getByLabel('What of it').selectOption({label: 'Power'});
    await page.getByLabel('Comes to be').selectOption({label: 'On'});
}

export default async function ({page}) {
    await turn(page, 'Kitchen light', false);
    await turn(page, 'Hall light', false);

    await newRule(page, 'Hall follows kitchen');
    await page.getByLabel('Device to set').selectOption({label: 'Hall light'});
    await page.getByLabel('What to set').selectOption({label: 'Power'});
    await page.getByLabel('Value to set').selectOption({label: 'On'});
    await page
        .locator('[data-part=words]')
        .getByText('Kitchen light turns on → Hall light on')
        .waitFor();
    await page.getByRole('button', {name: 'Save rule'}).click();
    await page
        .getByRole('article', {name: 'Hall follows kitchen'})
        .getByText('has not run yet')
        .first()
        .waitFor();

    await newRule(page, 'Tell of the kitchen');
    await page.getByLabel('It will').selectOption({label: 'tell people'});
    await page.getByLabel('Message', {exact: true}).fill('The kitchen is lit');
    await page.getByRole('button', {name: 'Save rule'}).click();
    await page.getByRole('article', {name: 'Tell of the kitchen'}).waitFor();

    await go(page, 'Home');
    await turn(page, 'Kitchen light', true);
    await switched(page, 'Hall light', true);
    await page.locator('[data-notice=notification]').getByText('The kitchen is lit').waitFor();

    await go(page, 'Rules');
    const rule = page.getByRole('article', {name: 'Hall follows kitchen'});
    await rule.getByRole('link', {name: /Last run/}).click();
    await page.locator('[data-part=steps] [data-step="1"]').getByText('Hall light').waitFor();
    await page.locator('[data-run]').getByText('Kitchen light').first().waitFor();

    // Switched off it rests, while the other one still tells.
    await go(page, 'Rules');
    await rule.getByRole('switch').click();
    await rule.getByText('Off', {exact: true}).waitFor();
    await go(page, 'Home');
    await turn(page, 'Kitchen light', false);
    await turn(page, 'Hall light', false);
    const told = page.locator('[data-notice=notification]');
    await told.getByRole('button', {name: 'Dismiss'}).click();
    await told.waitFor({state: 'detached'});
    await turn(page, 'Kitchen light', true);
    await told.getByText('The kitchen is lit').waitFor();
    await switched(page, 'Hall light', false);

    // Away with them, so that the next scenario meets the home as it was.
    for (const name of ['Hall follows kitchen', 'Tell of the kitchen']) {
        await go(page, 'Rules');
        await page.getByRole('button', {name: `Delete ${name}`}).click();
        await page.getByRole('button', {name: 'Yes, delete'}).click();
        await page.getByRole('article', {name}).waitFor({state: 'detached'});
    }
}
