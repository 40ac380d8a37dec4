import type {Rights, Role, Verb} from './types';

/** What a person may do, by the rules of src/access/grants.cpp. The hub judges; this only keeps the page
    from offering what would be refused. */

const byRole: Record<Role, Verb[]> = {
  owner: ['see', 'use', 'open', 'arrange', 'manage'],
  member: ['see', 'use', 'open', 'arrange'],
  child: ['see', 'use'],
  guest: [],
};

/** What a device is to a grant: its area's id (empty for none) and its type. */
export interface Place {
  area: string;
  type: string;
}

const isAmong = (words: string[], word: string) => !words.length || words.includes(word);

/** True where their time is over. */
export function hasEnded(rights: Rights, nowMs: number): boolean {
  return rights.until !== null && nowMs >= Date.parse(rights.until);
}

/** Whether one may do something with a device; without one: everywhere, with everything. Grants take the
    place of what the role gives, but for owners, and whoever may do anything may also see. */
export function allows(rights: Rights, nowMs: number, verb: Verb, device?: Place): boolean {
  if (hasEnded(rights, nowMs)) return false;
  if (!rights.grants.length || rights.role === 'owner') return byRole[rights.role].includes(verb);
  return rights.grants.some(
    ({verbs, areas, types}) =>
      (verbs.includes(verb) || (verb === 'see' && verbs.length > 0)) &&
      (device
        ? isAmong(areas, device.area) && isAmong(types, device.type)
        : !areas.length && !types.length),
  );
}
