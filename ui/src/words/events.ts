import {links} from '../router';
import {store} from '../state';
import {strings} from '../strings';
import {plainPath} from '../twin';
import type {Cause, HomeEvent, Json, Labels, Subject} from '../types';
import {plain, type Part} from './parts';
import {askedList, isMinor, labelOf, toldText} from './values';

const T = strings.told;
const C = strings.cause;

function deviceLink(id: string | undefined): Part {
  return id ? {text: store.deviceName(id), href: links.device(id)} : '';
}

function labelsOf(device: string | undefined): Labels | undefined {
  return device ? store.device(device)?.labels : undefined;
}

/** The attributes of a report that say something new, the important ones first. */
export function newsOf(event: HomeEvent): [path: string, value: Json][] {
  const all = (event.attributes ?? {}) as Record<string, Json>;
  const changed = store.log.changes.get(event.id) ?? Object.keys(all);
  const major = changed.filter((path) => !isMinor(path));
  const states = major.filter((path) => typeof all[path] !== 'number');
  // Beside a state only numbers that somebody sets are worth a word: a light's brightness, but not
  // how bright the motion sensor finds the room.
  const numbers = major.filter((path) => typeof all[path] === 'number');
  const telling = states.length ? [...states, ...numbers.filter(isSet)] : numbers;
  return (telling.length ? telling : changed).map((path) => [path, all[path] as Json]);
}

const setNumbers = /^(level|cover|thermostat|fan|media)\./;
const isSet = (path: string) => setNumbers.test(plainPath(path));

/** True for what is left out of a short list: a number that a device tells now and then, and a
    command whose effect stands beside it. */
export function isReading(event: HomeEvent): boolean {
  if (event.kind === 'command_issued') return store.log.answered.has(event.id);
  if (event.kind === 'device_changed' || event.kind === 'command_under_way') return true;
  if (event.kind === 'automation_run') return event.state === 'finished';
  if (event.kind === 'command_settled') {
    return event.settlement === 'confirmed' || event.settlement === 'assumed';
  }
  if (event.kind !== 'attribute_reported') return false;
  const changed = store.log.changes.get(event.id) ?? Object.keys(event.attributes ?? {});
  const all = (event.attributes ?? {}) as Record<string, Json>;
  const says = changed.some((path) => {
    const plainNumber = typeof all[path] === 'number' && !event.cause.event;
    return !isMinor(path) && !plainNumber;
  });
  return !says;
}

function roomName(id: string | undefined): string {
  const area = store.areas.find((other) => other.id === id || other.name === id);
  return area?.name ?? (id || strings.rooms.none);
}

/** What an edit changed: the event says only how all is from then on, the log what was before. */
function editedParts(event: HomeEvent): Part[] {
  const before = store.log.places.get(event.id);
  const {name = '', area = ''} = event;
  const device = {
    text: before?.name || store.deviceName(event.device),
    href: links.device(event.device ?? ''),
  };
  const place = area ? T.placed(roomName(area)) : '';
  if (!before) return [device, ' ', [name && T.called(name), place].filter(Boolean).join(', ')];
  const renamed = name !== '' && name !== before.name;
  const moved = roomName(area) !== roomName(before.area);
  const what = [
    renamed ? T.renamed(name) : '',
    moved ? (area ? T.moved(roomName(area)) : T.unplaced) : '',
  ].filter(Boolean);
  return [device, ' ', what.join(T.and) || T.aliased((event.aliases ?? []).join(', '))];
}

function withdrawnText(event: HomeEvent): string {
  const paths = Array.isArray(event.attributes) ? event.attributes : [];
  const labels = labelsOf(event.device);
  return paths.map((path) => labelOf(path, labels).toLowerCase()).join(', ');
}

/** What happened, in plain words. */
export function eventParts(event: HomeEvent): Part[] {
  const device = deviceLink(event.device);
  switch (event.kind) {
    case 'attribute_reported': {
      const news = newsOf(event).map(([path, value]) =>
        toldText(path, value, labelsOf(event.device)),
      );
      return [device, ' ', news.length ? news.join(', ') : T.repeated];
    }
    case 'command_issued':
      return [device, ' ', T.asked(askedList(event.set ?? {}, labelsOf(event.device)))];
    case 'command_settled':
      return [
        device,
        ' ',
        T.settled[event.settlement ?? ''] ?? '',
        event.detail ? ` (${event.detail})` : '',
      ];
    case 'availability_changed':
      return [device, ' ', event.online ? T.online : T.offline];
    case 'device_joined':
      return [device, ' ', T.joined];
    case 'device_changed':
      return [device, ' ', T.changed];
    case 'device_left':
      return [event.name ?? device, ' ', T.left];
    case 'device_forgotten':
      return [event.name ?? store.deviceName(event.device), ' ', T.forgotten];
    case 'command_under_way':
      return [device, ' ', event.under_way === false ? T.stopped : T.moving];
    case 'area_removed':
      return [T.roomGone(event.name ?? '')];
    case 'device_edited':
      return editedParts(event);
    case 'desired_withdrawn':
      return [device, ' ', T.withdrawn(withdrawnText(event))];
    case 'area_added':
      return [T.room(event.name ?? '')];
    case 'automation_run':
      return [
        `${T.ruleNamed} `,
        ruleLink(event.automation ?? '', event.name),
        ' ',
        T.rule[event.state ?? ''] ?? event.state ?? '',
        event.detail ? ` (${event.detail})` : '',
      ];
    case 'automation_edited':
      return [
        `${T.ruleNamed} `,
        event.change === 'removed'
          ? (event.name ?? '')
          : ruleLink(event.automation ?? '', event.name),
        ' ',
        T.ruleEdited[event.change ?? ''] ?? '',
      ];
    case 'notification':
      return [T.notification(event.text ?? '')];
    default:
      return [event.device ? device : '', event.device ? ' ' : '', event.kind.replace(/_/g, ' ')];
  }
}

function ruleLink(id: string, name?: string): Part {
  return {text: name ?? store.rule(id)?.name ?? id, href: links.rule(id)};
}

export function personName({id = '', name}: Subject): string {
  const person = store.session?.person;
  return person && (person.id === id || person.name === id) ? C.you : (name ?? id);
}

/** What hearth itself asks for, and who holds the token of its data folder. */
const ownParts: Record<string, string> = {'home file': C.homeFile, 'admin token': C.commandLine};

/** Who or what asked; with `event`, the words lead to it. */
function whoParts(cause: Cause, event?: number): Part[] {
  const link = (text: string): Part => (event ? {text, href: links.event(event)} : text);
  const {subject, via} = cause;
  if (via === 'sentence') return [link(saidText(cause))];
  switch (subject.kind) {
    case 'person':
      return [`${C.because} `, link(C.person(personName(subject)))];
    case 'automation':
      return ruleCause(cause);
    case 'token':
      return [link(C.api(subject.id ?? ''))];
    case 'hub':
      return [link(ownParts[subject.id ?? ''] ?? C.hub)];
    case 'agent':
      return [link(C.agent(subject.id ?? ''))];
    default:
      return [link(C.itself)];
  }
}

/** "Ada said “unlock the front door”"; older events do not tell who. */
function saidText({subject, said = ''}: Cause): string {
  if (subject.kind === 'person') return C.said(personName(subject), said);
  if (subject.kind === 'token') return C.saidByToken(subject.id ?? '', said);
  if (subject.kind === 'hub') return C.saidOnCommandLine(said);
  return C.sentenceText(said);
}

/** "by rule X because Hall motion saw motion": the rule leads to its run, the rest to the event. */
function ruleCause(cause: Cause): Part[] {
  const earlier = store.log.find(cause.event);
  const began = earlier?.kind === 'automation_run' ? earlier : undefined;
  const id = cause.subject.id ?? '';
  const name = store.rule(id)?.name ?? began?.name ?? id;
  const rule = {text: name, href: began?.run ? links.run(began.run) : links.rule(id)};
  const trigger = began ? began.cause.event : cause.event;
  return [`${C.byRule} `, rule, ...(trigger ? [' ', ...becauseOf(trigger)] : [])];
}

function becauseOf(id: number): Part[] {
  const earlier = store.log.find(id);
  const text = earlier ? plain(eventParts(earlier)) : C.event(id);
  return [`${C.because} `, {text, href: links.event(id)}];
}

/** Why it happened; each thing that is named is a link to it. */
export function causeParts(event: HomeEvent): Part[] {
  const {cause} = event;
  if (event.kind === 'automation_run' && cause.event && cause.subject.kind !== 'person') {
    return becauseOf(cause.event);
  }
  if (cause.subject.kind !== 'device') {
    const who = whoParts(cause);
    return cause.event && cause.subject.kind !== 'automation'
      ? [...who, ', ', ...becauseOf(cause.event)]
      : who;
  }
  const isGone = event.kind === 'availability_changed' && event.online === false;
  if (!cause.event) return [isGone ? C.silence : C.itself];
  const earlier = store.log.find(cause.event);
  if (earlier?.kind === 'command_issued') return whoParts(earlier.cause, earlier.id);
  return becauseOf(cause.event);
}
