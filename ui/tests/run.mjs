// usage: node ui/tests/run.mjs --url URL [--code CODE] [--viewport phone|desktop] [--options JSON]
//                            SCENARIO
//
// Plays one scenario of ui/tests/scenarios against a hub that runs, signed in unless the scenario
// wants the door itself. Ends with 0 where all that it says came true; else says what did not.
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {enter, open} from './browser.mjs';

export async function play(name, options) {
    const scenario = await import(`./scenarios/${name}.mjs`);
    const browser = await open({...options, watch: scenario.watch ?? true});
    try {
        if (!scenario.atTheDoor) await enter(browser.page, options.code);
        await scenario.default({...browser, ...options});
    } catch (error) {
        if (options.picture) await browser.page.screenshot({path: options.picture});
        await browser.close().catch(() => undefined);
        throw error;
    }
    await browser.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const {values, positionals} = parseArgs({
        allowPositionals: true,
        options: {
            url: {type: 'string'},
            code: {type: 'string', default: ''},
            viewport: {type: 'string', default: 'desktop'},
            picture: {type: 'string'},
            options: {type: 'string', default: '{}'}, // what this scenario alone needs to know
        },
    });
    try {
        await play(positionals[0], {...values, ...JSON.parse(values.options)});
    } catch (error) {
        console.error(error.stack ?? error);
        process.exit(1);
    }
}
