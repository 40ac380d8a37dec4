// usage: node tests/mock/shots.mjs FOLDER
//
// Pictures of the page over the mock, phone and desktop, light and dark, to look at while developing.
import {chromium} from 'playwright-core';

import {startMock} from './server.mjs';

const folder = process.argv[2] ?? '/tmp';
const pages = {
    home: '#/',
    rules: '#/rules',
    builder: '#/rules/+',
    activity: '#/activity',
    device: '#/devices/lamp',
    event: '#/events/',
    run: '#/runs/1',
    people: '#/people',
};
const wanted = process.argv[3]?.split(',') ?? Object.keys(pages);

const mock = await startMock({claimed: true, more: true});
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
});

for (const [name, width, height, colorScheme] of [
    ['desktop-light', 1280, 800, 'light'],
    ['desktop-dark', 1280, 800, 'dark'],
    ['phone-light', 390, 844, 'light'],
    ['phone-dark', 390, 844, 'dark'],
]) {
    const context = await browser.newContext({
        viewport: {width, height},
        colorScheme,
        reducedMotion: 'reduce',
        hasTouch: width < 500,
        isMobile: width < 500,
    });
    const page = await context.newPage();
    page.on(
        'console',
        (message) =>
            ['error', 'warning'].includes(message.type()) && console.log(name, message.text()),
    );
    page.on('pageerror', (error) => console.log(name, error.stack));
    await page.goto(mock.url);
    if (wanted.includes('entry')) await page.screenshot({path: `${folder}/entry-${name}.png`});
    await page.getByLabel('Name').fill('Ann');
    await page.getByLabel('Password').fill('hearthhearth');
    await page.keyboard.press('Enter');
    await page.getByRole('article', {name: 'Kitchen light'}).waitFor();
    if (name === 'desktop-light') {
        mock.home.report(mock.home.find('motion'), {
            'occupancy.occupied': true,
            'illuminance.lux': 3,
        });
        mock.home.report(mock.home.find('coffee'), {'power.watts': 1200.5});
        await page.getByRole('switch', {name: 'Kitchen light'}).click();
        await page.getByLabel('Say what should happen').last().fill('turn on the coffee machine');
        await page.keyboard.press('Enter');
        await page.waitForTimeout(700);
        for (const percent of [10, 20, 30, 40])
            mock.home.report(mock.home.find('curtain'), {
                'cover.position': percent,
                'cover.motion': 'opening',
            });
        mock.home.command(
            mock.home.find('strip'),
            {'on_off.on': true},
            {by: 'api', id: 'admin token'},
        );
        await page.waitForTimeout(500);
    }
    for (const which of wanted) {
        if (!(which in pages)) continue;
        const last = mock.home.events
            .filter((event) => event.kind === 'command_settled')
            .at(-1)?.id;
        await page.goto(`${mock.url}/${pages[which]}${which === 'event' ? last : ''}`);
        await page.waitForTimeout(400);
        await page.screenshot({
            path: `${folder}/${which}-${name}.png`,
            fullPage: width < 500 && which === 'home',
        });
    }
    await context.close();
}
await browser.close();
mock.close();
