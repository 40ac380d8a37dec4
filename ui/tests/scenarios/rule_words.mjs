// A rule's card says all that the rule asks: where it wants a device that can be reached, and from what value
// something must come.
import {go} from '../browser.mjs';

export default async function ({page}) {
    await go(page, 'Rules');
    const rule = page.getByRole('article', {name: 'Only if it is there'});
    await rule.getByText('New lamp is online').waitFor();
    await rule.getByText('brightness is 40 % no longer').first().waitFor();
}
