// The hub stops answering without a word, as where a cable is out or the Wi-Fi is gone: what was asked ends, the
// page says so where it is seen, and nothing can be switched; once the hub is back, all is as before.
import assert from 'node:assert/strict';

import {device, seenBox, switched, toggle, turn, until} from '../browser.mjs';

export const watch = false; // requests fail, which the console tells
const noticed_within_ms = 25_000;

export default async function ({page, pid}) {
    await turn(page, 'Kitchen light', true);
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    process.kill(pid, 'SIGSTOP');
    try {
        const began = Date.now();
        await toggle(page, 'Kitchen light').click();
        await toggle(page, 'New lamp').click();
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        const banner = page.getByText('No connection to hearth');
        await banner.waitFor({timeout: noticed_within_ms});
        console.log(`noticed after ${Date.now() - began} ms`);
        assert.ok(
            await seenBox(page, banner),
            'the banner is seen, wherever the page is scrolled to',
        );
        for (const name of ['Kitchen light', 'New lamp']) {
            await until('nothing waits', async () => {
                const busy = await toggle(page, name).getAttribute('aria-busy');
                return busy === 'false' && (await toggle(page, name).isDisabled());
            });
            assert.equal(await device(page, name).getByText('Waiting').count(), 0);
        }
        const dim = await device(page, 'Kitchen light')
            .locator('.state')
            .evaluate((element) => Number(getComputedStyle(element).opacity));
        assert.ok(dim < 1, 'values are dimmed');
        assert.ok(
            (await page.locator('[data-notice=problem]').count()) <= 1,
            'one toast is enough',
        );
    } finally {
        process.kill(pid, 'SIGCONT');
    }
    await page.getByText('No connection to hearth').waitFor({state: 'detached', timeout: 30_000});
    await turn(page, 'Kitchen light', false);
    await switched(page, 'Kitchen light', false);
}
