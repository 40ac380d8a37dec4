// usage: node tests/mock/try.mjs [SCENARIO]...
//
// Development only: plays the scenarios over the mock, both viewports. tests/test_page.py plays them
// over a real hub with simulated devices.
import {viewports} from '../browser.mjs';
import {play} from '../run.mjs';
import {code, startMock} from './server.mjs';

const all = [
    'wrong_code',
    'claim',
    'switch',
    'drawn',
    'slide',
    'lock',
    'rename',
    'say',
    'rule',
    'cause',
    'offline',
];
const wanted = process.argv.slice(2);
let failed = 0;
for (const viewport of Object.keys(viewports)) {
    const mock = await startMock();
    for (const name of all) {
        if (wanted.length && !wanted.includes(name) && name !== 'claim') continue;
        if (name === 'offline') {
            for (const each of mock.home.devices) {
                each.online = false;
                mock.home.record(
                    'availability_changed',
                    {by: 'device', id: each.id},
                    {device: each.id, online: false},
                );
            }
        }
        try {
            await play(name, {
                url: mock.url,
                code,
                viewport,
                picture: `/tmp/${name}-${viewport}.png`,
            });
            console.log(`ok      ${viewport} ${name}`);
        } catch (error) {
            failed += 1;
            console.log(`FAILED  ${viewport} ${name}\n${error.stack}`);
        }
    }
    mock.close();
}
process.exit(failed ? 1 : 0);
