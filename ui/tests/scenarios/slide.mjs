// Sliders set what they show: brightness, warmth of white, position of the curtain.
import {device, turn, until} from '../browser.mjs';

async function slide(page, name, value, text) {
    const slider = page.getByRole('slider', {name, exact: true});
    await slider.fill(String(value));
    await until(`${name} is ${text}`, async () => {
        const shown = await slider.getAttribute('aria-valuetext');
        return text.test(shown);
    });
}

export default async function ({page}) {
    await turn(page, 'Living room lamp', true);
    const lamp = device(page, 'Living room lamp');
    await slide(page, 'Brightness: Living room lamp', 40, /^40 %$/);
    await lamp.locator('[data-badge=wait]').waitFor({state: 'detached'});

    await lamp.getByRole('button', {name: 'White'}).click();
    await slide(page, 'Warmth: Living room lamp', 4000, /^(3[,.\s]?9\d\d|4[,.\s]?0\d\d) K$/);
    await lamp.getByRole('button', {name: 'Colour'}).click();
    await slide(page, 'Hue: Living room lamp', 200, /^(19\d|20\d)°$/);
    await lamp.locator('[data-badge=wait]').waitFor({state: 'detached'});

    const curtain = device(page, 'Bedroom curtain');
    await slide(page, 'Open: Bedroom curtain', 30, /^30 %$/);
    await curtain.getByText('30 % open').waitFor();
}
