import './app';
import {links} from './router';
import {applyTheme} from './settings';
import {store} from './state';
import {strings} from './strings';

applyTheme();

store.onFailed = (event) => {
  const what = strings.told.settled[event.settlement ?? ''] ?? '';
  const detail = event.detail ? ` (${event.detail})` : '';
  const text = strings.notices.failed(store.deviceName(event.device), what) + detail;
  store.notice('problem', text, links.event(event.id));
};
