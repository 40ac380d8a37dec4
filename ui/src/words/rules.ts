import {links} from '../router';
import {store} from '../state';
import {strings} from '../strings';
import type {Action, Condition, Definition, Json, Trigger} from '../types';
import type {Part} from './parts';
import {askedList, askedText, labelOf, lengthText, valueText, waitedText} from './values';

const T = strings.trigger;
const C = strings.condition;
const A = strings.action;

const unitSeconds: Record<string, number> = {ms: 0.001, s: 1, min: 60, h: 3600, d: 86400};

/** "1h 30min" in seconds. */
export function readLength(text: string): number {
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)\s*(ms|s|min|h|d)/g)) {
    seconds += Number(count) * (unitSeconds[unit ?? ''] ?? 0);
  }
  return seconds;
}

function deviceByWord(word: string) {
  return store.device(word) ?? store.devices.find((device) => device.name === word);
}

function deviceLink(word: string): Part {
  const device = deviceByWord(word);
  return device ? {text: device.name, href: links.device(device.id)} : T.unknownDevice(word);
}

/** A trigger as what follows "When". */
export function triggerParts(trigger: Trigger): Part[] {
  if (trigger.time) return [T.time(trigger.time), ...daysPart(trigger.weekdays)];
  if (trigger.sun) return [sunText(trigger), ...daysPart(trigger.weekdays)];
  if (!trigger.device && !trigger.event) return [T.any];
  const device = deviceLink(trigger.device ?? '');
  if (!trigger.attribute) {
    return [
      device,
      ' ',
      T[(trigger.event ?? 'joined') as 'joined' | 'left' | 'online' | 'offline'] ?? '',
    ];
  }
  const held = trigger.for ? [' ', T.held(lengthText(readLength(trigger.for)))] : [];
  return [device, ' ', testText(trigger), ...held];
}

function sunText({sun = '', offset = ''}: Trigger): string {
  const event = strings.sun[sun] ?? sun;
  const seconds = readLength(offset);
  if (!seconds) return T.sun(event);
  const length = lengthText(seconds);
  return offset.startsWith('-') ? T.before(length, event) : T.after(length, event);
}

/** " on Mon, Tue"; nothing where every day is meant. */
function daysPart(weekdays: string[] | undefined): Part[] {
  if (!weekdays?.length) return [];
  return [' ', C.days(weekdays.map((day) => strings.weekdays[day] ?? day).join(', '))];
}

function testText(trigger: Trigger): string {
  const path = trigger.attribute ?? '';
  const labels = deviceByWord(trigger.device ?? '')?.labels;
  const label = labelOf(path, labels).toLowerCase();
  if (trigger.above !== undefined) return T.above(label, valueText(path, trigger.above));
  if (trigger.below !== undefined) return T.below(label, valueText(path, trigger.below));
  if (trigger.to === undefined) {
    if (trigger.from === undefined) return T.changes(label);
    return T.changesFrom(label, valueText(path, trigger.from));
  }
  const became =
    waitedText(path, trigger.to, labels) ?? T.becomes(label, valueText(path, trigger.to));
  return trigger.from === undefined ? became : `${became} ${T.from(valueText(path, trigger.from))}`;
}

/** A condition as what follows "if". */
export function conditionParts(condition: Condition): Part[] {
  if (condition.all) return listParts(condition.all, C.and);
  if (condition.any) return listParts(condition.any, C.or);
  if (condition.not) return [C.not, ...listParts(condition.not, C.or)];
  if (condition.expression) return [condition.expression.replace(/^\{\{\s*|\s*\}\}$/g, '')];
  if (condition.sun) return [condition.sun === 'up' ? C.sunUp : C.sunDown];
  if (condition.attribute)
    return [deviceLink(condition.device ?? ''), ' ', comparedText(condition)];
  if (condition.online !== undefined)
    return [deviceLink(condition.device ?? ''), ' ', condition.online ? C.online : C.offline];
  return [C.time(condition.after, condition.before), ...daysPart(condition.weekdays)];
}

function listParts(conditions: Condition[], between: string): Part[] {
  return conditions.flatMap((each, index) =>
    index ? [between, ...conditionParts(each)] : conditionParts(each),
  );
}

function comparedText(condition: Condition): string {
  const path = condition.attribute ?? '';
  const label = labelOf(path, deviceByWord(condition.device ?? '')?.labels).toLowerCase();
  if (condition.above !== undefined) return C.above(label, valueText(path, condition.above));
  if (condition.below !== undefined) return C.below(label, valueText(path, condition.below));
  if (condition.is_not !== undefined) return C.isNot(label, valueText(path, condition.is_not));
  return C.is(label, valueText(path, condition.is));
}

/** What a `set` action asks of which device, whichever way it is written. */
export function readSet(action: Action): {device: string; set: Record<string, Json>} | null {
  const inner = action.set as Record<string, Json> | undefined;
  if (!inner || typeof inner !== 'object') return null;
  if (typeof action.device === 'string') return {device: action.device, set: inner};
  if (typeof inner.device !== 'string' || typeof inner.attribute !== 'string') return null;
  return {device: inner.device, set: {[inner.attribute]: inner.value ?? null}};
}

export function actionParts(action: Action): Part[] {
  const set = readSet(action);
  if (set) {
    const what = askedList(set.set, deviceByWord(set.device)?.labels);
    return [deviceLink(set.device), ` ${what}`];
  }
  if (action.delay !== undefined) return [A.delay(lengthText(readLength(String(action.delay))))];
  if (action.notify !== undefined) return [A.notify(String(action.notify))];
  return [JSON.stringify(action)];
}

/** A step as the trace tells it, "Hall light: on_off.on = true", in the page's words. */
export function stepText(text: string): string {
  return text
    .replace(/([a-z_]+\/)?[a-z_0-9]+\.[a-z_0-9]+ = ("[^"]*"|[^\s,]+)/g, (pair) => {
      const [path = '', value = ''] = pair.split(' = ');
      return askedText(path, readValue(value));
    })
    .replace(/^wait (\S+.*)$/, (_, length: string) => A.delay(lengthText(readLength(length))));
}

/** "Hall light on_off.on changes", as the hub tells it, with the page's words for the paths. */
export function pathsInWords(text: string): string {
  return text
    .split(' ')
    .map((word) => (isPath(word) ? labelOf(word).toLowerCase() : word))
    .join(' ');
}

function isPath(word: string): boolean {
  return /^([\w-]+\/)?[a-z][a-z_0-9]*\.[a-z][a-z_0-9]*$/.test(word);
}

function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** "Hall motion saw motion → Hall light on, wait 5 min, Hall light off". */
export function ruleParts(
  definition: Definition,
): Record<'when' | 'conditions' | 'then', Part[][]> {
  return {
    when: definition.triggers.map(triggerParts),
    conditions: definition.conditions.map(conditionParts),
    then: definition.actions.map(actionParts),
  };
}
