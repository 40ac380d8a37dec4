import {typeOf} from '../catalogue';
import {store} from '../state';
import {strings} from '../strings';
import type {Grant, Rights, Verb} from '../types';

const S = strings.people;

/** "a, b and c". */
function listed(words: string[]): string {
  const last = words[words.length - 1] ?? '';
  return words.length < 2 ? last : words.slice(0, -1).join(', ') + S.and + last;
}

/** A type of device, several of it: "motion sensors". */
export function kindText(type: string): string {
  if (type === 'unknown') return S.otherKinds;
  return typeOf({type})?.plural ?? `${type.replace(/_/g, ' ')}s`;
}

export function roomText(id: string): string {
  return store.areas.find((area) => area.id === id)?.name ?? S.goneRoom;
}

/** "May use and open lights in Guest room". */
export function grantText({areas, types, verbs}: Grant): string {
  const shown: Verb[] = verbs.filter((verb) => verb !== 'see');
  const what = types.length ? listed(types.map(kindText)) : S.grantEverything;
  const may = listed((shown.length ? shown : ['see' as Verb]).map((verb) => S.grantVerbs[verb]));
  return S.grant(may, what, listed(areas.map(roomText)));
}

/** What somebody may do, a line each. */
export function rightsTexts({role, grants}: Rights): string[] {
  if (role !== 'owner' && grants.length) return grants.map(grantText);
  return [role === 'guest' ? S.nothing : S.roleMeans[role]];
}
