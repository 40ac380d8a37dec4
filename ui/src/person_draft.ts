import {strings} from './strings';
import type {Grant, Person, Rights, Role, Verb} from './types';
import {fieldTime} from './words/times';

/** Somebody's rights while a form is open on them. */
export interface PersonDraft {
  name: string;
  role: Role;
  /** As the field has it: local time, empty for no end. */
  until: string;
  grants: GrantDraft[];
}

/** That nothing is chosen yet must not come to mean everything. */
export interface GrantDraft {
  verbs: Verb[];
  everywhere: boolean;
  areas: string[];
  anything: boolean;
  types: string[];
}

export const emptyPerson: PersonDraft = {name: '', role: 'member', until: '', grants: []};

export const emptyGrant: GrantDraft = {
  verbs: ['see', 'use'],
  everywhere: false,
  areas: [],
  anything: true,
  types: [],
};

/** Rooms that are gone are left out: the hub takes only those that it has. */
export function draftOf(person: Person, rooms: string[]): PersonDraft {
  const {name, role = 'member', until = null, grants = []} = person;
  return {
    name,
    role,
    until: fieldTime(until),
    grants: grants.map(({verbs, areas, types}) => ({
      verbs,
      everywhere: !areas.length,
      areas: areas.filter((area) => rooms.includes(area)),
      anything: !types.length,
      types,
    })),
  };
}

export function grantOf(draft: GrantDraft): Grant {
  return {
    verbs: draft.verbs,
    areas: draft.everywhere ? [] : draft.areas,
    types: draft.anything ? [] : draft.types,
  };
}

export function rightsOf({role, until, grants}: PersonDraft): Rights {
  if (role === 'owner') return {role, until: null, grants: []};
  return {role, until: until ? new Date(until).toISOString() : null, grants: grants.map(grantOf)};
}

/** What is still to be chosen, in words; nothing where the draft is whole. */
export function missingOf({role, grants}: PersonDraft): string {
  if (role === 'owner') return '';
  if (grants.some((grant) => !grant.everywhere && !grant.areas.length))
    return strings.people.chooseRoom;
  if (grants.some((grant) => !grant.anything && !grant.types.length))
    return strings.people.chooseKind;
  return '';
}

/** Only what is other than before, so that nothing is written over that somebody else changed. */
export function changeOf(
  person: Person,
  before: PersonDraft,
  after: PersonDraft,
): {name?: string} & Partial<Rights> {
  const [was, is] = [rightsOf(before), rightsOf(after)];
  const change: {name?: string} & Partial<Rights> = {};
  if (after.name.trim() !== person.name) change.name = after.name.trim();
  if (is.role !== was.role) change.role = is.role;
  if (is.until !== was.until) change.until = is.until;
  if (JSON.stringify(is.grants) !== JSON.stringify(was.grants)) change.grants = is.grants;
  return change;
}
