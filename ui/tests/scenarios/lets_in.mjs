// What lets somebody in, or disarms, is done only after a second yes; what shuts is done at once.
import assert from 'node:assert/strict';

import {device, go} from '../browser.mjs';

export default async function ({page}) {
    await page.getByRole('button', {name: 'Open: Blind', exact: true}).click();

    const garage = device(page, 'Garage');
    const question = garage.getByText('Open Garage?', {exact: true});
    await page.getByRole('button', {name: 'Open: Garage', exact: true}).click();
    await question.waitFor();
    await garage.getByRole('button', {name: 'Cancel'}).click();
    await question.waitFor({state: 'detached'});
    await page.getByRole('button', {name: 'Open: Garage', exact: true}).click();
    await garage.getByRole('button', {name: 'Yes, open'}).click();
    await page.getByRole('button', {name: 'Close: Garage', exact: true}).click();
    assert.equal(await question.count(), 0);

    await device(page, 'Alarm').getByRole('link', {name: 'Alarm', exact: true}).click();
    await page.getByRole('heading', {name: 'Alarm', level: 1}).waitFor();
    const mode = page.locator('attribute-control').getByRole('combobox');
    await mode.selectOption('disarmed');
    const sure = page.getByText('Set Alarm to “Disarmed”?', {exact: true});
    await sure.waitFor();
    await page.keyboard.press('Escape');
    await sure.waitFor({state: 'detached'});
    assert.equal(await mode.inputValue(), 'armed_away', 'a no leaves it as it was');
    await mode.selectOption('disarmed');
    await page.getByRole('button', {name: 'Yes, set it'}).click();
    await mode.selectOption('armed_home');
    await page.getByRole('combobox').first().waitFor();
    assert.equal(await sure.count(), 0);
    await go(page, 'Home');
}
