// A switch turns a light on and off; a second window sees it without being asked.
import {device, switched, toggle, turn} from '../browser.mjs';

export default async function ({context, page, url}) {
    const other = await context.newPage();
    await other.goto(url);
    await device(other, 'Kitchen light').waitFor();

    await turn(page, 'Kitchen light', false);
    await toggle(page, 'Kitchen light').click();
    await switched(page, 'Kitchen light', true);
    await switched(other, 'Kitchen light', true);
    await device(page, 'Kitchen light').getByText('On', {exact: true}).waitFor();

    // The same with the keyboard alone.
    await toggle(other, 'Kitchen light').focus();
    await other.keyboard.press('Space');
    await switched(other, 'Kitchen light', false);
    await switched(page, 'Kitchen light', false);
}
