import {allPaths, isOf, isSettable, specOf} from './device_shape';
import {firstValue} from './parts/value_field';
import type {Draft} from './rule_draft';
import {store, type DeviceView} from './state';
import {plainPath} from './twin';
import type {AttributeSpec} from './types';
import {isMinor} from './words/values';

/** What the builder offers: which devices can set a rule off, which can be set, and by what. */

const tellingFirst = [
  'occupancy.occupied',
  'contact.open',
  'on_off.on',
  'lock.state',
  'temperature.celsius',
];
const settingFirst = ['on_off.on', 'cover.position', 'lock.state', 'level.percent'];

/** The given paths, those of `first` before the others. */
function ordered(paths: string[], first: string[]): string[] {
  const rank = (path: string) => {
    const place = first.indexOf(plainPath(path));
    return place < 0 ? first.length : place;
  };
  return [...paths].sort((one, other) => rank(one) - rank(other));
}

export function triggerPaths(id: string): string[] {
  const device = store.device(id);
  if (!device) return [];
  const all = allPaths(device, store.wantDetails(id)).filter((path) => !isMinor(path));
  return ordered(all, tellingFirst);
}

export function settablePaths(id: string): string[] {
  const device = store.device(id);
  if (!device) return [];
  const details = store.wantDetails(id);
  const all = allPaths(device, details).filter((path) => isSettable(device, details, path));
  return ordered(all, settingFirst);
}

/** Motion sensors first, then the other sensors: they are what rules mostly wait for. */
export function triggerDevices(): DeviceView[] {
  const rank = (device: DeviceView) => {
    if (plainPath(triggerPaths(device.id)[0] ?? '') === tellingFirst[0]) return 0;
    return settablePaths(device.id).length ? 2 : 1;
  };
  return [...store.devices].sort((one, other) => rank(one) - rank(other));
}

/** Lights first. */
export function settableDevices(): DeviceView[] {
  const rank = (device: DeviceView) => (isOf(device, 'light') ? 0 : 1);
  return store.devices
    .filter((device) => settablePaths(device.id).length)
    .sort((one, other) => rank(one) - rank(other));
}

export function isNumber(spec: AttributeSpec | undefined): boolean {
  return spec?.type === 'number' || spec?.type === 'integer';
}

/** What the draft becomes with an attribute to wait for. */
export function withTrigger(draft: Draft, attribute: string): Draft {
  const spec = specOf(store.details.get(draft.device), attribute);
  return {...draft, attribute, test: isNumber(spec) ? 'above' : 'to', value: firstValue(spec)};
}

/** And with an attribute to set. */
export function withSetting(draft: Draft, setAttribute: string): Draft {
  const spec = specOf(store.details.get(draft.setDevice), setAttribute);
  return {...draft, setAttribute, setValue: firstValue(spec)};
}

/** Fills in what follows from what was chosen, so that the form always makes a whole rule. Where a
    device's capabilities are still on their way, the attribute waits for them. */
export function completed(draft: Draft): Draft {
  const device = store.device(draft.device) ? draft.device : (triggerDevices()[0]?.id ?? '');
  const setDevice = store.device(draft.setDevice)
    ? draft.setDevice
    : (settableDevices()[0]?.id ?? '');
  let whole = {...draft, device, setDevice};
  const path = triggerPaths(device)[0];
  if (!whole.attribute && path && store.details.has(device)) whole = withTrigger(whole, path);
  const setting = settablePaths(setDevice)[0];
  if (!whole.setAttribute && setting && store.details.has(setDevice)) {
    whole = withSetting(whole, setting);
  }
  return whole;
}
