// From what happened back to why: the event, the command before it, and the person who asked.
import {go, turn} from '../browser.mjs';

export default async function ({page}) {
    await turn(page, 'Kitchen light', false);
    await turn(page, 'Kitchen light', true);
    await go(page, 'Activity');
    const row = page
        .locator('main [data-kind=attribute_reported]')
        .filter({hasText: 'Kitchen light turned on'})
        .first();
    await row.locator('[data-part=cause]').getByRole('link', {name: 'you asked for it'}).click();

    // The command is the first cause; what it led to stands below.
    await page.getByRole('heading', {name: /^Event \d+$/}).waitFor();
    await page.locator('[data-part=chain]').getByText('was asked: on').waitFor();
    const effect = page
        .locator('[data-part=led]')
        .locator('[data-kind=attribute_reported]')
        .first();
    await effect.getByText('turned on').waitFor();

    // And from the effect the whole chain is seen.
    await effect.getByRole('link', {name: /^Event \d+/}).click();
    await page.locator('[data-part=chain] li').nth(1).waitFor();
    await page.locator('[data-part=chain]').getByText('because you asked for it').first().waitFor();
    await page
        .locator('[data-part=chain]')
        .getByRole('link', {name: 'Kitchen light', exact: true})
        .first()
        .click();
    await page.getByRole('heading', {name: 'Kitchen light', level: 1}).waitFor();
}
