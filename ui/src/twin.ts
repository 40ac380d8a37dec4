import type {Device, Json, Twin} from './types';

/** "left/on_off.on" → ["left/on_off", "on"]. */
export function splitPath(path: string): [capability: string, attribute: string] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
}

/** "left/on_off.on" → "left"; empty for the main endpoint. */
export function endpointOf(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** "left/on_off.on" → "on_off.on". */
export function plainPath(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

/** What is known of a path. Null in a twin says that the value is not known: then, as where nothing
    was ever reported, it is undefined. */
export function read(twin: Twin, path: string): Json | undefined {
  const [capability, attribute] = splitPath(path);
  return twin[capability]?.[attribute] ?? undefined;
}

/** A copy of the twin with one more value. */
export function withValue(twin: Twin, path: string, value: Json): Twin {
  const [capability, attribute] = splitPath(path);
  return {...twin, [capability]: {...twin[capability], [attribute]: value}};
}

/** The paths of which something is known. */
export function pathsOf(twin: Twin): string[] {
  return Object.entries(twin).flatMap(([capability, attributes]) =>
    Object.entries(attributes)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([attribute]) => `${capability}.${attribute}`),
  );
}

/** Devices round what they are asked for, so a number may be off by one or by a fiftieth. */
export function meets(reported: Json | undefined, desired: Json): boolean {
  if (typeof reported === 'number' && typeof desired === 'number') {
    return Math.abs(reported - desired) <= Math.max(1, Math.abs(desired) / 50);
  }
  return JSON.stringify(reported) === JSON.stringify(desired);
}

/** Desired values that the device has not reported. */
export function owed(device: Device): Record<string, Json> {
  const owing: Record<string, Json> = {};
  for (const path of pathsOf(device.desired)) {
    const desired = read(device.desired, path) as Json;
    if (!meets(read(device.reported, path), desired)) owing[path] = desired;
  }
  return owing;
}
