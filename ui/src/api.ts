import {readRule, readTrace} from './normalise';
import type {
  Answer,
  CommandState,
  Definition,
  DeviceDetails,
  Device,
  EventPage,
  Json,
  Rule,
  Session,
  Trace,
} from './types';

/** What the hub answered instead of what was asked for (RFC 9457). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Called whenever the hub says that nobody is signed in any more. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
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
  return new ApiError(response.status, code, detail);
}

async function ask<T>(method: string, path: string, body?: unknown, headers = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? headers : {'Content-Type': 'application/json', ...headers},
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, 'unreachable', 'hearth does not answer');
  }
  if (!response.ok) {
    if (response.status === 401 && path !== '/session' && path !== '/claim') onSignedOut();
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
    ask<Session>('POST', '/claim', {code, name, password}),
  signIn: (name: string, password: string) => ask<Session>('POST', '/session', {name, password}),
  signOut: () => ask<void>('DELETE', '/session'),

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

  say: (text: string, lang: string) => ask<Answer>('POST', '/conversation', {text, lang}),
};
