// What the scenarios share: a browser whose page is watched, and the ways to wait for what people see.
import assert from 'node:assert/strict';

import {chromium} from 'playwright-core';

export const person = {name: 'Ann', password: 'a warm hearth at home'};
export const viewports = {
    desktop: {viewport: {width: 1280, height: 800}},
    phone: {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true},
};
const patience_ms = 15000;

/** Starts a browser and opens the page at `url`. close() fails where the page complained. */
export async function open({url, viewport, watch = true}) {
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    const complaints = [];
    const newcomer = async () => {
        const context = await browser.newContext({
            ...viewports[viewport],
            locale: 'en-GB',
            reducedMotion: 'reduce',
            ignoreHTTPSErrors: true,
        });
        context.setDefaultTimeout(patience_ms);
        context.on('page', (page) => listen(page, url, complaints));
        const page = await context.newPage();
        await page.goto(url);
        return page;
    };
    const page = await newcomer();
    return {
        context: page.context(),
        page,
        url,
        newcomer, // the page in a browser of somebody else, who is not signed in
        close: async () => {
            await browser.close();
            if (watch)
                assert.deepEqual(complaints, [], 'the page complained, or asked another host');
        },
    };
}

function listen(page, url, complaints) {
    const host = new URL(url).host;
    page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`error: ${error.stack}`));
    page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    page.on('request', (request) => {
        if (new URL(request.url()).host !== host)
            complaints.push(`foreign request: ${request.url()}`);
    });
    page.on('websocket', (socket) => {
        if (new URL(socket.url()).host !== host) complaints.push(`foreign socket: ${socket.url()}`);
    });
}

/** Claims the home where it is nobody's, else signs in; ends at the devices. */
export async function enter(page, code) {
    const claim = page.getByLabel('Claim code', {exact: true});
    await page.getByLabel('Password', {exact: true}).waitFor();
    if (await claim.count()) await claim.fill(code);
    await page.getByLabel('Name', {exact: true}).fill(person.name);
    await page.getByLabel('Password', {exact: true}).fill(person.password);
    await page.keyboard.press('Enter');
    await device(page, 'Kitchen light').waitFor();
}

/** Signs in at the door as somebody else; ends where the door is behind them. */
export async function signIn(page, name, password) {
    await page.getByRole('heading', {name: 'Sign in'}).waitFor();
    await page.getByLabel('Name', {exact: true}).fill(name);
    await page.getByLabel('Password', {exact: true}).fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').waitFor();
}

/** Goes where people are managed, as people do: by the settings. */
export async function goToPeople(page) {
    await page.getByRole('button', {name: 'Settings'}).click();
    await page.getByRole('link', {name: 'People'}).click();
    await page.getByRole('heading', {name: 'People', exact: true}).waitFor();
}

/** The row of a device on the home page. */
export function device(page, name) {
    return page.getByRole('article', {name, exact: true});
}

export function toggle(page, name) {
    return page.getByRole('switch', {name, exact: true});
}

/** Waits until a check stops failing: for what changes with no element coming or going. */
export async function until(what, check) {
    const end = Date.now() + patience_ms;
    for (;;) {
        try {
            if (await check()) return;
            if (Date.now() > end) assert.fail(`${what}: did not come true`);
        } catch (error) {
            if (Date.now() > end) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

/** Waits until a switch stands so and nothing is under way any more. */
export function switched(page, name, on) {
    return until(`${name} is ${on ? 'on' : 'off'}`, async () => {
        const state = await toggle(page, name).getAttribute('aria-checked');
        const busy = await toggle(page, name).getAttribute('aria-busy');
        return state === String(on) && busy === 'false';
    });
}

/** Brings a device into a state, through the page. */
export async function turn(page, name, on) {
    if ((await toggle(page, name).getAttribute('aria-checked')) !== String(on)) {
        await toggle(page, name).click();
    }
    await switched(page, name, on);
}

/** Speaks in the hub's place: from now on the page hears what tell() says, beside what the hub says. */
export async function intercept(page) {
    const sockets = [];
    await page.routeWebSocket(/\/api\/v1\/live/, (socket) => {
        socket.connectToServer();
        sockets.push(socket);
    });
    await page.reload();
    await until('the page is live again', () => sockets.length > 0);
    return {tell: (message) => sockets.at(-1).send(JSON.stringify(message))};
}

/** Where an element is, as people see it: null where it is outside of what is shown. */
export async function seenBox(page, locator) {
    const box = await locator.boundingBox();
    const {width, height} = page.viewportSize();
    const isSeen = box && box.y >= 0 && box.y + box.height <= height && box.x < width;
    return isSeen ? box : null;
}

/** Goes to a page of the frame by its tab. */
export function go(page, tab) {
    return page.getByRole('navigation').getByRole('link', {name: tab}).click();
}
