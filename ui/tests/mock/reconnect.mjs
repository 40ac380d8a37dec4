// usage: node tests/mock/reconnect.mjs
//
// Development only: a page that loses its socket says so, comes back from where it was, and shows what
// happened meanwhile.
import {enter, open, switched} from '../browser.mjs';
import {startMock} from './server.mjs';

const mock = await startMock({claimed: false});
const browser = await open({url: mock.url, viewport: 'desktop'});
await enter(browser.page, 'ABCD-2345');
await browser.page.waitForTimeout(200);
mock.dropAll();
await browser.page.getByText('No connection to hearth').waitFor();
mock.home.report(mock.home.find('kitchen'), {'on_off.on': true});
await switched(browser.page, 'Kitchen light', true);
await browser.page.getByText('No connection to hearth').waitFor({state: 'detached'});
await browser.close();
mock.close();
console.log('ok      reconnect');
process.exit(0);
