import {links} from '../router';
import {store} from '../state';
import {strings} from '../strings';
import type {Cause, HomeEvent, Json} from '../types';
import type {Part} from './parts';
import {askedList, isMinor, toldText} from './values';

const T = strings.told;
const C = strings.cause;

function deviceLink(id: string | undefined): Part {
  return id ? {text: store.deviceName(id), href: links.device(id)} : '';
}

/** The attributes of a report that say something new, the important ones first. */
export function newsOf(event: HomeEvent): [path: string, value: Json][] {
  const all = (event.attributes ?? {}) as Record<string, Json>;
  const changed = store.changes.get(event.id) ?? Object.keys(all);
  const major = changed.filter((path) => !isMinor(path));
  return (major.length ? major : changed).map((path) => [path, all[path] as Json]);
}

/** True where an event is only a reading: a number that a device tells now and then. */
export function isReading(event: HomeEvent): boolean {
  if (event.kind === 'device_changed') return true;
  if (event.kind === 'command_settled') {
    return event.settlement === 'confirmed' || event.settlement === 'assumed';
  }
  if (event.kind !== 'attribute_reported') return false;
  const changed = store.changes.get(event.id) ?? Object.keys(event.attributes ?? {});
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

/** What happened, in plain words. */
export function eventParts(event: HomeEvent): Part[] {
  const device = deviceLink(event.device);
  switch (event.kind) {
    case 'attribute_reported': {
      const news = newsOf(event).map(([path, value]) => toldText(path, value));
      return [device, ' ', news.length ? news.join(', ') : T.repeated];
    }
    case 'command_issued':
      return [device, ' ', T.asked(askedList(event.set ?? {}))];
    case 'command_settled':
      return [device, ' ', T.settled[event.settlement ?? ''] ?? '', event.detail ? ` (${event.detail})` : ''];
    case 'availability_changed':
      return [device, ' ', event.online ? T.online : T.offline];
    case 'device_joined':
      return [device, ' ', T.joined];
    case 'device_changed':
      return [device, ' ', T.changed];
    case 'device_left':
      return [event.name ?? device, ' ', T.left];
    case 'device_edited':
      return [device, ' ', T.editedTo(event.name ?? '', roomName(event.area))];
    case 'area_added':
      return [T.room(event.name ?? '')];
    case 'automation_run':
      return [
        `${T.ruleNamed} `, ruleLink(event.automation ?? '', event.name), ' ',
        T.rule[event.state ?? ''] ?? event.state ?? '', event.detail ? ` (${event.detail})` : '',
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

export function personName(id: string): string {
  const person = store.session?.person;
  return person && (person.id === id || person.name === id) ? C.youWord : id;
}

/** Who, as the subject of a short clause. The rule links to its run where the run is known. */
function whoParts(cause: Cause): Part[] {
  switch (cause.by) {
    case 'person':
      return [C.person(personName(cause.id))];
    case 'automation': {
      const earlier = store.event(cause.event);
      const run = earlier?.kind === 'automation_run' ? earlier.run : undefined;
      const name = store.rule(cause.id)?.name ?? earlier?.name ?? cause.id;
      return [`${C.rule} `, {text: name, href: run ? links.run(run) : links.rule(cause.id)}];
    }
    case 'sentence':
      return [cause.id && /\s|[^\x00-\x7f]/.test(cause.id) ? C.sentenceText(cause.id) : C.sentence];
    case 'api':
      return [cause.id === 'home file' ? C.homeFile : C.api(cause.id)];
    case 'agent':
      return [C.agent(cause.id)];
    default:
      return [C.itself];
  }
}

/** Why it happened; each thing that is named is a link to it. */
export function causeParts(event: HomeEvent): Part[] {
  const {cause} = event;
  const earlier = store.event(cause.event);
  if (cause.by !== 'device') {
    const who = whoParts(cause);
    if (!cause.event) return who;
    return [...who, ' · ', {text: earlierText(earlier, cause.event), href: links.event(cause.event)}];
  }
  if (!cause.event) return [C.itself];
  if (event.kind === 'automation_run') return [{text: earlierText(earlier, cause.event), href: links.event(cause.event)}];
  if (earlier?.kind === 'command_issued') {
    return [{text: answerText(earlier.cause), href: links.event(earlier.id)}];
  }
  return [{text: earlierText(earlier, cause.event), href: links.event(cause.event)}];
}

function answerText(cause: Cause): string {
  switch (cause.by) {
    case 'person':
      return C.answerTo(personName(cause.id));
    case 'automation':
      return C.answerTo(`${C.rule} ${store.rule(cause.id)?.name ?? cause.id}`);
    case 'sentence':
      return C.answerTo(C.sentence);
    default:
      return C.answer;
  }
}

function earlierText(earlier: HomeEvent | undefined, id: number): string {
  if (!earlier) return C.event(id);
  return eventParts(earlier)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('');
}
