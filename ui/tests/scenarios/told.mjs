// Activity: coming online has not the picture of going offline; a move is no new name; absence is not told by
// who is absent; and the command line is called that.
import assert from 'node:assert/strict';

import {go} from '../browser.mjs';

export default async function ({page}) {
    await go(page, 'Activity');
    const row = (text) => page.locator('main article').filter({hasText: text}).first();
    const drawing = (locator) => locator.locator('svg').first().innerHTML();

    const moved = row('was moved to Garden');
    await moved.waitFor();
    assert.match(await moved.textContent(), /from the command line/);
    const renamed = row('is now called Gate lamp');
    assert.match(await renamed.textContent(), /Garden lamp\s+is now called Gate lamp/);
    assert.doesNotMatch(await renamed.textContent(), /Garden lamp.*moved/);

    const online = row('is online');
    const offline = row('went offline');
    assert.notEqual(await drawing(online), await drawing(offline));
    assert.match(await offline.textContent(), /not heard any more/);
    assert.doesNotMatch(await offline.textContent(), /told by the device itself/);
    assert.equal(await page.getByText('admin token').count(), 0);
}
