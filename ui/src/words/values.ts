import {settings} from '../settings';
import {strings} from '../strings';
import {endpointOf, plainPath} from '../twin';
import type {AttributeSpec, Json, Labels} from '../types';
import {attributeWords, lightWords} from './attributes';

const S = strings.units;

export function fromSnake(word: string): string {
  const spaced = word.replace(/_/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** What an attribute is called: "Brightness", "Left: Power". What the device has a name for is called
    so, "Wind speed", "Well pump", but for the page's own words for what a device has one of. A name
    that several share needs the word as well: "Ring: Brightness". */
export function labelOf(path: string, labels?: Labels): string {
  const plain = plainPath(path);
  const word = attributeWords[plain]?.label ?? fromSnake(plain.slice(plain.lastIndexOf('.') + 1));
  const endpoint = endpointOf(path);
  const own = labels?.[path];
  if (!own) return endpoint ? `${fromSnake(endpoint)}: ${word}` : word;
  if (!endpoint && attributeWords[plain]) return word;
  const shares = Object.values(labels ?? {}).filter((label) => label === own).length > 1;
  return shares ? `${own}: ${word}` : own;
}

/** The device's own name for an attribute where labelOf() does not tell it, or nothing. */
export function ownNameOf(path: string, labels?: Labels): string {
  const own = labels?.[path] ?? '';
  return labelOf(path, labels).toLowerCase().includes(own.toLowerCase()) ? '' : own;
}

/** One of several of a kind, before what it did: "Left turned on"; nothing for the only one. */
export function partOf(path: string, labels?: Labels): string {
  const endpoint = endpointOf(path);
  return endpoint && (labels?.[path] ?? fromSnake(endpoint));
}

export function isMinor(path: string): boolean {
  const plain = plainPath(path);
  return attributeWords[plain]?.minor ?? plain.startsWith('untyped.');
}

export function number(value: number, digits = 1): string {
  return value.toLocaleString(undefined, {maximumFractionDigits: digits});
}

/** Seconds as people say them: "45 s", "12 min", "1 h 20 min". */
export function lengthText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return S.s(whole);
  if (whole < 3600)
    return whole % 60 && whole < 600
      ? `${S.min(Math.floor(whole / 60))} ${S.s(whole % 60)}`
      : S.min(Math.round(whole / 60));
  const minutes = Math.round((whole % 3600) / 60);
  return minutes
    ? `${S.h(Math.floor(whole / 3600))} ${S.min(minutes)}`
    : S.h(Math.floor(whole / 3600));
}

/** °C as the person likes them. */
export function degrees(celsius: number, digits = 1): string {
  return settings.degrees === 'F'
    ? `${number(celsius * 1.8 + 32, Math.min(digits, 0))} °F`
    : `${number(celsius, digits)} °C`;
}

/** A value in people's words and units: "On", "40 %", "21.4 °C", "Dark (3 lx)". */
export function valueText(path: string, value: Json | undefined, spec?: AttributeSpec): string {
  const plain = plainPath(path);
  const words = attributeWords[plain];
  if (value === undefined || value === null) return '–';
  const state = words?.states?.[String(value)];
  if (state) return state[0];
  if (plain === 'operation.remaining_s') return S.left(lengthText(Number(value)));
  if (plain === 'cover.position') return coverText(Number(value));
  if (typeof value === 'number') {
    const unit = words?.unit ?? spec?.unit ?? '';
    if (unit === '°C') return degrees(value, words?.digits);
    const text = number(value, words?.digits ?? 2);
    if (plain === 'illuminance.lux') {
      const word = lightWords.find(([below]) => value < below)?.[1] ?? '';
      return `${word} · ${text} ${unit}`;
    }
    return unit === '°' ? `${text}°` : unit ? `${text} ${unit}` : text;
  }
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'string' ? fromSnake(value) : JSON.stringify(value);
}

function coverText(position: number): string {
  if (position === 0) return strings.cover.closed;
  return position === 100 ? strings.cover.open : strings.cover.part(position);
}

/** What is told when an attribute comes to have a value: "turned on", "brightness 40 %". */
export function toldText(path: string, value: Json, labels?: Labels): string {
  const label = labelOf(path, labels).toLowerCase();
  if (value === null) return strings.told.lostSight(label);
  const state = attributeWords[plainPath(path)]?.states?.[String(value)];
  const part = partOf(path, labels);
  if (state) return part ? `${part} ${state[1]}` : state[1];
  if (plainPath(path) === 'cover.position') return strings.cover.told(valueText(path, value));
  return `${label.replace(/^co₂$/, 'CO₂')} ${valueText(path, value)}`;
}

/** What a rule waits for: "turns on". */
export function waitedText(path: string, value: Json, labels?: Labels): string | undefined {
  const state = attributeWords[plainPath(path)]?.states?.[String(value)];
  const part = partOf(path, labels);
  return state && (part ? `${part} ` : '') + (state[2] ?? state[1]);
}

/** What is asked for: "on", "brightness 40 %". */
export function askedText(path: string, value: Json, labels?: Labels): string {
  // An expression of a rule: what it comes to is known only in its run.
  if (typeof value === 'string' && value.includes('{{')) {
    const trigger = /^\{\{\s*trigger\.to\s*\}\}$/.test(value);
    return trigger
      ? strings.action.asTrigger
      : strings.action.computed(labelOf(path, labels).toLowerCase());
  }
  const plain = plainPath(path);
  const state = attributeWords[plain]?.states?.[String(value)];
  if (plain === 'cover.position') return valueText(path, value).toLowerCase();
  if (!state) return toldText(path, value, labels);
  const part = partOf(path, labels);
  return (part ? `${part} ` : '') + state[0].toLowerCase();
}

export function askedList(set: Record<string, Json>, labels?: Labels): string {
  return Object.entries(set)
    .map(([path, value]) => askedText(path, value, labels))
    .join(', ');
}
