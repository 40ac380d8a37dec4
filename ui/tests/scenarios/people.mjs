// An owner adds a guest who may use one room. The guest finds that room and nothing else, its lock as a
// reading, and no page for rules or people to change; what the owner takes away goes from the guest's page
// at once, and what is granted comes.
import assert from 'node:assert/strict';

import {device, go, goToPeople, signIn, switched, toggle} from '../browser.mjs';

const password = 'only for a while';

export default async function ({page, newcomer}) {
    await goToPeople(page);
    await add(page);
    const card = page.getByRole('article', {name: 'Cleo', exact: true});
    await card.getByText('May use everything in Guest room', {exact: true}).waitFor();
    await card.getByText('Until 31 Dec 2099').waitFor();
    assert.equal(await focused(page), 'Cleo', 'who was added has the focus');

    const guest = await newcomer();
    await signIn(guest, 'Cleo', password);
    await looksAround(guest);
    await seesWhoLivesHere(guest);
    await go(guest, 'Home');

    await change(page, card, async (form) => {
        await form.getByLabel('use them').uncheck();
    });
    await card.getByText('May see everything in Guest room', {exact: true}).waitFor();
    await toggle(guest, 'Guest lamp').waitFor({state: 'detached'});
    await device(guest, 'Guest lamp').getByText('Brightness 50 %').waitFor();

    await change(page, card, async (form) => {
        await form.getByLabel('use them').check();
        await form.getByLabel('With what').selectOption('only with these kinds');
        await form.getByRole('button', {name: 'Save'}).click();
        await form.getByText('Choose a kind of device').waitFor();
        await form.getByLabel('lights', {exact: true}).check();
    });
    await card.getByText('May use lights in Guest room', {exact: true}).waitFor();
    await device(guest, 'Guest door').waitFor({state: 'detached'});
    await toggle(guest, 'Guest lamp').waitFor();

    await change(page, card, async (form) => {
        await form.getByRole('button', {name: 'Grant something'}).click();
        const grant = form
            .getByRole('group')
            .filter({has: page.locator('legend')})
            .last();
        await grant.getByLabel('use them').uncheck();
        await grant.getByLabel('open:').check();
        await grant.getByLabel('Where').selectOption('everywhere');
        await grant.getByLabel('With what').selectOption('only with these kinds');
        await grant.getByLabel('locks', {exact: true}).check();
    });
    await card.getByText('May open locks', {exact: true}).waitFor();
    await guest.getByRole('button', {name: 'Unlock Guest door', exact: true}).waitFor();
    await guest.getByRole('button', {name: 'Unlock Front door', exact: true}).waitFor();
    assert.equal(await device(guest, 'Kitchen light').count(), 0);

    await card.getByRole('button', {name: 'Forget Cleo'}).click();
    await card.getByText('Forget Cleo?').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await focused(page), 'Forget Cleo', 'a no leads back to where it was asked');
    await page.keyboard.press('Enter');
    await card.getByRole('button', {name: 'Yes, forget'}).click();
    await card.waitFor({state: 'detached'});
    await page.getByText('Cleo was forgotten.').waitFor();
    assert.equal(await focused(page), 'Add somebody');
    await guest.getByRole('heading', {name: 'Sign in'}).waitFor();
}

async function add(page) {
    await page.getByRole('button', {name: 'Add somebody'}).click();
    const form = page.getByRole('form', {name: 'Somebody new'});
    assert.equal(await focused(page), 'name', 'the first field has the focus');
    await page.keyboard.type('Cleo');
    await form.getByLabel('First password').fill('short');
    await form.getByLabel('Guest', {exact: false}).check();
    await form.getByText('Nothing is granted yet.').waitFor();
    await form.getByLabel('Until').fill('2099-12-31T12:00');
    await form.getByRole('button', {name: 'Grant something'}).click();
    await form.getByRole('button', {name: 'Add somebody'}).click();
    await form.getByText('Choose a room').waitFor();
    await form.getByLabel('Guest room', {exact: true}).check();
    await form.getByLabel('First password').fill(password);
    await form.getByRole('button', {name: 'Add somebody'}).click();
    await page.getByText('Cleo was added.').waitFor();
}

async function looksAround(guest) {
    await device(guest, 'Guest lamp').waitFor();
    const rooms = guest.getByRole('main').getByRole('region');
    assert.deepEqual(await rooms.evaluateAll((all) => all.map((room) => room.ariaLabel)), [
        'Guest room',
    ]);
    const door = device(guest, 'Guest door');
    await door.getByText('Locked', {exact: true}).waitFor();
    assert.equal(await door.getByRole('button').count(), 0, 'there is nothing to press');
    await toggle(guest, 'Guest lamp').click();
    await switched(guest, 'Guest lamp', true);
    const links = await guest.getByRole('navigation').getByRole('link').allInnerTexts();
    assert.deepEqual(
        links.map((text) => text.trim()),
        ['Home', 'Activity'],
    );
    await guest.evaluate(() => (location.hash = '#/rules/+'));
    await guest.getByText('You may not look at this page').waitFor();
}

async function seesWhoLivesHere(guest) {
    await goToPeople(guest);
    const own = guest.getByRole('article', {name: 'Cleo', exact: true});
    await own.getByText('May use everything in Guest room').waitFor();
    const ann = guest.getByRole('article', {name: 'Ann', exact: true});
    await ann.waitFor();
    assert.equal(await ann.getByRole('button').count(), 0);
    assert.equal(await ann.getByText('Owner').count(), 0, 'what others may do is not told');
    assert.equal(await guest.getByRole('button', {name: 'Add somebody'}).count(), 0);
    const buttons = await own.getByRole('button').allInnerTexts();
    assert.deepEqual(
        buttons.map((text) => text.trim()),
        ['My password'],
    );
}

/** Changes somebody in their card, and waits until it is done. */
async function change(page, card, edit) {
    await card.getByRole('button', {name: 'Change Cleo'}).click();
    const form = page.getByRole('form', {name: 'Change Cleo'});
    await edit(form);
    await form.getByRole('button', {name: 'Save'}).click();
    await form.waitFor({state: 'detached'});
    assert.equal(await focused(page), 'Change Cleo', 'the focus is back where it came from');
}

/** What has the focus, by its label, its name in a form, or its words. */
async function focused(page) {
    await page.waitForTimeout(100);
    return page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element.ariaLabel || element.name || element.innerText.trim();
    });
}
