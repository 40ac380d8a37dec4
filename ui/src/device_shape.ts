import {isCatalogueKnown, readingOrder, typeOf} from './catalogue';
import type {DeviceView} from './state';
import {endpointOf, pathsOf, plainPath, read} from './twin';
import type {AttributeSpec, DeviceDetails, Json} from './types';
import {isMinor} from './words/values';

/** What a device is to the page: its icon, what can be set, what stands first. */

/** For devices whose type says nothing: the first capability that they have. */
const iconsByCapability: [string, string][] = [
  ['lock', 'lock'],
  ['cover', 'cover'],
  ['thermostat', 'thermostat'],
  ['fan', 'fan'],
  ['media', 'media'],
  ['operation', 'appliance'],
  ['occupancy', 'motion'],
  ['contact', 'contact'],
  ['leak', 'leak'],
  ['smoke', 'smoke'],
  ['temperature', 'sensor'],
  ['level', 'light'],
  ['on_off', 'plug'],
  ['button', 'button'],
  ['power', 'plug'],
];

export function iconOf(device: DeviceView): string {
  const byType = typeOf(device)?.icon;
  if (byType === 'lock' || 'lock' in device.reported) {
    const state = String(read(device.reported, 'lock.state') ?? '');
    if (state === 'locked' || state === 'locking') return 'lock';
    return ['unlocked', 'unlocking', 'open'].includes(state) ? 'unlock' : 'lock_unknown';
  }
  if (!isCatalogueKnown()) return 'device';
  return byType ?? iconsByCapability.find(([name]) => name in device.reported)?.[1] ?? 'gauge';
}

/** Whether it is one of these in Home Assistant's words: 'light'. */
export function isOf(device: DeviceView, domain: string): boolean {
  return typeOf(device)?.domains.includes(domain) ?? false;
}

/** Attributes that a person may set on the row, where the hub has not told yet what can be set. */
const usuallySet = new Set([
  'on_off.on',
  'level.percent',
  'color.hue',
  'color.saturation',
  'color.kelvin',
  'cover.position',
  'cover.motion',
  'lock.state',
  'thermostat.target',
  'thermostat.mode',
  'fan.speed',
  'media.volume',
]);

export function specOf(
  details: DeviceDetails | undefined,
  path: string,
): AttributeSpec | undefined {
  const dot = path.lastIndexOf('.');
  return details?.capabilities?.[path.slice(0, dot)]?.[path.slice(dot + 1)];
}

/** What lets nobody in, even where the hub has not told yet what to ask about. */
const harmless = new Set<Json>(['locked', 'closing', 'stopped', 0]);

/** Whether a wish wants a second yes, as the hub's catalogue has it for this device. */
export function asksFirst(details: DeviceDetails | undefined, path: string, value: Json): boolean {
  if (!details) return /^(lock|cover)\./.test(plainPath(path)) && !harmless.has(value);
  const first = specOf(details, path)?.ask_first;
  if (!first) return false;
  if (first.above !== undefined) return Number(value) > first.above;
  return !first.values || first.values.includes(value);
}

export function isSettable(
  device: DeviceView,
  details: DeviceDetails | undefined,
  path: string,
): boolean {
  if (details) return specOf(details, path)?.write === true;
  return usuallySet.has(plainPath(path)) && read(device.reported, path) !== undefined;
}

/** Whether the person who looks at it may ask for this: what wants a second yes lets somebody in. */
export function mayAsk(
  device: DeviceView,
  details: DeviceDetails | undefined,
  path: string,
  value: Json,
): boolean {
  return asksFirst(details, path, value) ? device.may.open : device.may.use;
}

/** Whether there is anything of it that they may ask for: then it has a control, else it is a reading. */
export function isOffered(
  device: DeviceView,
  details: DeviceDetails | undefined,
  path: string,
): boolean {
  if (!isSettable(device, details, path)) return false;
  const opens = details
    ? specOf(details, path)?.ask_first !== undefined
    : /^(lock|cover)\./.test(plainPath(path));
  return device.may.use || (device.may.open && opens);
}

/** All paths that the device has, told or only known of. */
export function allPaths(device: DeviceView, details?: DeviceDetails): string[] {
  const known = details
    ? Object.entries(details.capabilities).flatMap(([capability, attributes]) =>
        Object.keys(attributes).map((attribute) => `${capability}.${attribute}`),
      )
    : [];
  return [...new Set([...known, ...pathsOf(device.reported)])];
}

/** The paths of one plain name over all endpoints: both gangs of a wall switch. */
export function pathsLike(device: DeviceView, details: DeviceDetails | undefined, plain: string) {
  return allPaths(device, details)
    .filter((path) => plainPath(path) === plain)
    .sort((one, other) => endpointOf(one).localeCompare(endpointOf(other)));
}

/** What is shown: what is asked for while it is under way, else what the device reported. */
export function shown(device: DeviceView, path: string): Json | undefined {
  return device.open[path] ?? read(device.reported, path);
}

/** What a switch shows of a value: nothing where it is not known. */
export function asSwitch(value: Json | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

const shownByControls = new Set([
  'on_off.on',
  'level.percent',
  'cover.position',
  'cover.motion',
  'cover.tilt',
  'lock.state',
  'thermostat.mode',
  'thermostat.target',
  'media.volume',
  'fan.speed',
]);

/** Readings for the row, the telling ones first. */
export function readingsOf(device: DeviceView): string[] {
  const order = readingOrder(device);
  const rank = (path: string) => {
    const place = order.indexOf(plainPath(path));
    return place < 0 ? order.length : place;
  };
  return pathsOf(device.reported)
    .filter((path) => !isMinor(path) && !shownByControls.has(plainPath(path)))
    .sort((one, other) => rank(one) - rank(other));
}

/** For a device that has nothing else to say: what hearth has no word for, but its maker told. */
export function plainReadingsOf(device: DeviceView): string[] {
  return pathsOf(device.reported).filter(
    (path) => plainPath(path).startsWith('untyped.') && plainPath(path) !== 'untyped.linkquality',
  );
}

/** True where the icon glows: something is on, open, unlocked or seen. */
export function isActive(device: DeviceView): boolean {
  const {reported} = device;
  const on = pathsOf(reported).filter((path) => plainPath(path) === 'on_off.on');
  if (on.length) return on.some((path) => read(reported, path) === true);
  return (
    read(reported, 'occupancy.occupied') === true ||
    read(reported, 'contact.open') === true ||
    read(reported, 'lock.state') === 'unlocked' ||
    read(reported, 'operation.state') === 'running' ||
    read(reported, 'media.state') === 'playing' ||
    ['heating', 'cooling'].includes(String(read(reported, 'thermostat.action')))
  );
}

export function isAlarm(device: DeviceView): boolean {
  return ['leak.wet', 'smoke.detected', 'gas.detected', 'carbon_monoxide.detected'].some(
    (path) => read(device.reported, path) === true,
  );
}

/** Roughly how tall its row is, so that rooms can be laid out evenly; only its kind counts. */
export function weightOf(device: DeviceView): number {
  const {reported} = device;
  if ('cover' in reported || 'thermostat' in reported) return 2;
  if ('color' in reported) return 2.4;
  return 'level' in reported || 'media' in reported ? 1.7 : 1.1;
}
