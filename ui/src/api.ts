import {readRule, readTrace} from './normalise';
import {strings} from './strings';
import type {
  Answer,
  Catalogue,
  CommandState,
  Definition,
  DeviceDetails,
  Device,
  EventPage,
  Json,
  Person,
  Rights,
  Rule,
  Session,
  Trace,
} from './types';

/** Longer than the hub takes for anything that is asked here; then it counts as away. */
const answer_within_ms = 10_000;
/** A log-in may have to stand in line behind wrong ones before its password is looked at. */
const let_in_within_ms = 45_000;

/** What the hub answered instead of what was asked for (RFC 9457). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Where the hub says after how long to come back (Retry-After). */
    readonly retryAfterS = 0,
  ) {
    super(detail);
  }
}

/** How far the hub's clock is ahead of this one; not known before the hub has told its time. */
let aheadMs: number | undefined;
export function noteHubTime(rfc3339: string): void {
  const hub = Date.parse(rfc3339);
  if (hub) aheadMs = hub - Date.now();
}

/** The hub's time as far as it is known here, in milliseconds. */
export function hubNow(): number {
  return Date.now() + (aheadMs ?? 0);
}

/** What is given up here must not be done later: it may lie in a cable that is out until it is back. */
function notAfter(method: string): Record<string, string> {
  if (method === 'GET' || aheadMs === undefined) return {};
  return {'Not-After': new Date(hubNow() + answer_within_ms).toISOString()};
}

/** Called whenever the hub says that nobody is signed in any more. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

/** Called whenever the hub refuses something: what one may do is not what the page thinks. */
let onRefused: () => void = () => undefined;
export function whenRefused(then: () => void): void {
  onRefused = then;
}

async function problemOf(response: Response): Promise<ApiError> {
  let code = '';
  let detail = response.statusText || `HTTP ${response.status}`;
  try {
    const problem = await response.json();
    code = String(problem.code ?? '');
    detail = String(problem.detail ?? problem.title ?? detail);
  } catch {
    // No JSON: the status says it.
  }
  const wait = Number(response.headers.get('Retry-After'));
  return new ApiError(response.status, code, detail, wait > 0 ? wait : 0);
}

async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  headers = {},
  within_ms = answer_within_ms,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
        ...notAfter(method),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout?.(within_ms), // old browsers wait for ever
    });
  } catch {
    throw new ApiError(0, 'unreachable', strings.app.noAnswer);
  }
  if (!response.ok) {
    const isAtTheDoor = path === '/session' || path === '/claim';
    if (response.status === 401 && !isAtTheDoor) onSignedOut();
    if (response.status === 403 && !isAtTheDoor) onRefused();
    throw await problemOf(response);
  }
  return response.status === 204 ? (undefined as T) : await response.json().catch(() => undefined);
}

/** Asking twice with the same key asks once. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const word = encodeURIComponent;

export const api = {
  session: () => ask<Session>('GET', '/session'),
  claim: (code: string, name: string, password: string) =>
    ask<Session>('POST', '/claim', {code, name, password}, {}, let_in_within_ms),
  signIn: (name: string, password: string) =>
    ask<Session>('POST', '/session', {name, password}, {}, let_in_within_ms),
  signOut: () => ask<void>('DELETE', '/session'),

  persons: () => ask<Person[]>('GET', '/persons'),
  addPerson: (person: {name: string; password: string} & Rights) =>
    ask<Person>('POST', '/persons', person, {}, let_in_within_ms),
  changePerson: (id: string, change: {name?: string} & Partial<Rights>) =>
    ask<Person>('PATCH', `/persons/${word(id)}`, change),
  forgetPerson: (id: string) => ask<void>('DELETE', `/persons/${word(id)}`),
  /** One's own with the old one; of somebody else without. */
  setPassword: (id: string, password: string, old?: string) =>
    ask<void>(
      'PUT',
      `/persons/${word(id)}/password`,
      {password, ...(old === undefined ? {} : {old_password: old})},
      {},
      let_in_within_ms,
    ),

  device: (id: string) => ask<DeviceDetails>('GET', `/devices/${word(id)}`),
  edit: (id: string, change: {name?: string; area?: string | null; aliases?: string[]}) =>
    ask<Device>('PATCH', `/devices/${word(id)}`, change),
  command: (id: string, set: Record<string, Json>) =>
    ask<CommandState>(
      'POST',
      `/devices/${word(id)}/commands`,
      {set},
      {'Idempotency-Key': newKey()},
    ),

  /** Nothing is owed on these paths any more; nothing is sent. */
  letGo: async (id: string, paths: string[]) => {
    let device: Device | undefined;
    for (const path of paths)
      device = await ask<Device>('DELETE', `/devices/${word(id)}/desired/${word(path)}`);
    return device;
  },

  /** The newest events, or those before a number; oldest first. */
  events: (before?: number, limit = 100) =>
    ask<EventPage>('GET', `/events?limit=${limit}${before ? `&before=${before}` : ''}`),
  event: async (id: number) => {
    const page = await ask<EventPage>('GET', `/events?before=${id + 1}&limit=1`);
    return page.events.find((event) => event.id === id);
  },

  rules: async (): Promise<Rule[]> => {
    const answer = await ask<Record<string, Json>[]>('GET', '/automations');
    return answer.map(readRule);
  },
  addRule: async (definition: Definition): Promise<Rule> =>
    readRule(await ask('POST', '/automations', definition)),
  enableRule: async (id: string, enabled: boolean): Promise<Rule> =>
    readRule(await ask('PATCH', `/automations/${word(id)}`, {enabled})),
  removeRule: (id: string) => ask<void>('DELETE', `/automations/${word(id)}`),
  runRule: (id: string) => ask<{run?: number}>('POST', `/automations/${word(id)}/run`, {}),
  runs: async (id: string): Promise<Trace[]> => {
    const answer = await ask<{runs: Record<string, Json>[]} | Record<string, Json>[]>(
      'GET',
      `/automations/${word(id)}/runs`,
    );
    return (Array.isArray(answer) ? answer : answer.runs).map(readTrace);
  },
  trace: async (run: number): Promise<Trace> => readTrace(await ask('GET', `/runs/${run}`)),

  catalogue: () => ask<Catalogue>('GET', '/catalog'),

  say: (text: string, lang: string, conversation?: string) =>
    ask<Answer>('POST', '/conversation', {text, lang, ...(conversation ? {conversation} : {})}),
  /** Yes or no to a question that a sentence was answered with. */
  confirm: (conversation: string, question: string, confirm: boolean) =>
    ask<Answer>('POST', '/conversation', {conversation, question, confirm}),
};
