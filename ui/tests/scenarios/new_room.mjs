// A room that comes about while the page is open is there with what was moved into it, and goes with its end.
import {device} from '../browser.mjs';

export default async function ({page}) {
    const row = device(page, 'New lamp');
    const id = await row.getAttribute('data-device');
    const ask = (method, path, body) =>
        page.evaluate(
            async ([how, where, what]) => {
                const answer = await fetch(`/api/v1${where}`, {
                    method: how,
                    body: what && JSON.stringify(what),
                });
                if (!answer.ok) throw new Error(await answer.text());
            },
            [method, path, body],
        );
    await ask('PATCH', `/devices/${id}`, {area: 'Attic'});
    const attic = page.getByRole('region', {name: 'Attic', exact: true});
    await attic.getByRole('article', {name: 'New lamp'}).waitFor();
    await ask('PATCH', `/devices/${id}`, {area: 'Hall'});
    await attic.waitFor({state: 'detached'});
    await ask('DELETE', '/areas/attic');
    await row.waitFor();
    await row.hover();
    await row.getByRole('button', {name: 'Rename or move New lamp'}).click();
    await row.locator('option', {hasText: 'Hall'}).waitFor({state: 'attached'});
    await row.locator('option', {hasText: 'Attic'}).waitFor({state: 'detached'});
}
