// Devices that went away are shown as such, in words, and can not be switched.
import {device, toggle, until} from '../browser.mjs';

export default async function ({page}) {
    for (const name of ['Kitchen light', 'Front door']) {
        await device(page, name).getByText('Offline').waitFor();
    }
    await until('the switch is off limits', () => toggle(page, 'Kitchen light').isDisabled());
}
