import {api} from './api';
import type {Catalogue, DeviceType} from './types';

/** What the hub knows of devices before any device is: its catalogue, fetched once a version of it. */
let ofVersion: string | undefined;
let types: Map<string, DeviceType> | undefined;
let readings: string[] = [];

/** Fetches it where it is not that of this version; true where there is another one now. */
export async function loadCatalogue(version: string): Promise<boolean> {
  if (types && version === ofVersion) return false;
  const catalogue: Catalogue = await api.catalogue();
  // A map, since a device may call its type anything: "constructor".
  types = new Map(Object.entries(catalogue.device_types));
  readings = catalogue.readings;
  ofVersion = version;
  return true;
}

export function isCatalogueKnown(): boolean {
  return types !== undefined;
}

/** Nothing for a type that the hub has no words for, and before the catalogue is there. */
export function typeOf(device: {type: string}): DeviceType | undefined {
  return types?.get(device.type);
}

/** What a device tells in the order in which it is shown: first what it is about. */
export function readingOrder(device: {type: string}): string[] {
  return [typeOf(device)?.primary ?? '', ...readings];
}
