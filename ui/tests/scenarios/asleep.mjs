// A phone that slept for a while, and wakes up where the hub is not, says so at once.
import {device} from '../browser.mjs';

export const watch = false; // requests fail, which the console tells

export default async function ({page, pid}) {
    await page.clock.install();
    await page.reload();
    await device(page, 'Kitchen light').waitFor();
    process.kill(pid, 'SIGSTOP');
    try {
        await page.clock.fastForward(10 * 60 * 1000);
        await page.getByText('No connection to hearth').waitFor({timeout: 3000});
    } finally {
        process.kill(pid, 'SIGCONT');
    }
    await page.clock.fastForward(30 * 1000);
    await page.getByText('No connection to hearth').waitFor({state: 'detached', timeout: 30_000});
}
