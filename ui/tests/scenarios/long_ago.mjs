// A run whose first cause has left the page's own list is told in words all the same.
import assert from 'node:assert/strict';

export default async function ({page, url, run}) {
    await page.goto(`${url}/#/runs/${run}`);
    const trace = page.locator('[data-run]');
    await trace.getByText('Kitchen light').first().waitFor();
    await trace.getByText('turned o').first().waitFor();
    assert.doesNotMatch(await trace.textContent(), /on_off/);
}
