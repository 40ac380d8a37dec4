// A run that was sent is not done, and one whose device never answered is no success: not on the card of its
// rule, not in its trace.
import {go} from '../browser.mjs';

export default async function ({page}) {
    await go(page, 'Rules');
    const rule = page.getByRole('article', {name: 'Light for nobody'});
    await rule.getByRole('button', {name: 'Run now'}).click();
    const last = rule.locator('[data-part=last-run]');
    await last.locator('.badge.wait').getByText('Sent, waiting').waitFor();
    await last.locator('.badge.bad').getByText('Finished, 1 of 1 steps failed').waitFor();
    await last.getByRole('link', {name: /Last run/}).click();
    const heading = page.getByRole('heading', {name: /Light for nobody/});
    await heading.locator('.badge.bad').getByText('Finished, 1 of 1 steps failed').waitFor();
    await page.locator('[data-part=steps] .badge.bad').getByText('No answer').waitFor();
}
