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

export function read(twin: Twin, path: string): Json | undefined {
  const [capability, attribute] = splitPath(path);
  return twin[capability]?.[attribute];
}

/** A copy of the twin with one more value. */
export function withValue(twin: Twin, path: string, value: Json): Twin {
  const [capability, attribute] = splitPath(path);
  return {...twin, [capability]: {...twin[capability], [attribute]: value}};
}

export function pathsOf(twin: Twin): string[] {
  return Object.entries(twin).flatMap(([capability, attributes]) =>
    Object.keys(attributes).map((attribute) => `${capability}.${attribute}`),
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
