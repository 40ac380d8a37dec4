/** What the API sends; src/api/openapi.json is its source. */
export type Json = null | boolean | number | string | Json[] | {[key: string]: Json};

/** Capability (with its endpoint where there are several: "left/on_off"), then attribute. */
export type Twin = Record<string, Record<string, Json>>;

export interface Session {
  claimed: boolean;
  person: null | {id: string; name: string};
  version: string;
}

export interface Area {
  id: string;
  name: string;
  floor?: string;
  aliases?: string[];
}

export interface Device {
  id: string;
  name: string;
  area: string | null;
  type: string;
  online: boolean;
  aliases: string[];
  reported: Twin;
  desired: Twin;
}

export interface AttributeSpec {
  type: 'boolean' | 'integer' | 'number' | 'enum' | 'text';
  unit?: string;
  min?: number;
  max?: number;
  options?: string[];
  write: boolean;
  command?: boolean;
}

export interface DeviceDetails extends Device {
  manufacturer?: string;
  model?: string;
  version?: string;
  adapter?: string;
  external_id?: string;
  joined?: string;
  capabilities: Record<string, Record<string, AttributeSpec>>;
  events: HomeEvent[];
}

export type CauseBy = 'device' | 'person' | 'automation' | 'sentence' | 'api' | 'agent';

export interface Cause {
  by: CauseBy;
  id: string;
  event?: number;
}

export type Settlement = 'confirmed' | 'assumed' | 'refused' | 'timed_out';

/** One journal entry; which of the optional fields are there depends on the kind. */
export interface HomeEvent {
  id: number;
  time: string;
  kind: string;
  cause: Cause;
  device?: string;
  name?: string;
  area?: string;
  online?: boolean;
  attributes?: Record<string, Json> | string[];
  command?: number;
  set?: Record<string, Json>;
  settlement?: Settlement;
  detail?: string;
  automation?: string;
  run?: number;
  state?: string;
  change?: string;
  text?: string;
}

export interface EventPage {
  events: HomeEvent[];
  oldest: number;
  last: number;
}

export interface CommandState {
  command: number;
  settlement: Settlement | null;
  detail?: string;
}

export interface Trigger {
  device?: string;
  attribute?: string;
  to?: Json;
  above?: number;
  below?: number;
  for?: string;
  event?: string;
  time?: string;
  sun?: string;
  offset?: string;
  weekdays?: string[];
}

/** A test of a rule, as docs/automations.md lists them. */
export interface Condition {
  device?: string;
  attribute?: string;
  is?: Json;
  is_not?: Json;
  above?: number;
  below?: number;
  after?: string;
  before?: string;
  weekdays?: string[];
  sun?: string;
  expression?: string;
  all?: Condition[];
  any?: Condition[];
  not?: Condition[];
}

export type Action = {[key: string]: Json};

export interface Definition {
  name: string;
  mode?: 'single' | 'restart';
  triggers: Trigger[];
  conditions: Condition[];
  actions: Action[];
}

export interface Rule {
  id: string;
  name: string;
  /** It runs when its time comes, or when its device does. */
  enabled: boolean;
  state: string;
  /** Why it waits, does not fit or was set aside. */
  detail: string;
  definition: Definition;
  lastRun: null | {id: number; time: string; state: string};
}

export interface Trace {
  id: number;
  rule: string;
  name: string;
  state: string;
  time: string;
  triggerText: string;
  triggerEvent: number | null;
  cause: Cause | null;
  conditions: {text: string; operands: string; result: boolean}[];
  steps: {time: string; text: string; result: string; detail: string}[];
}

export interface Answer {
  understood: boolean;
  reply: string;
  lang: string;
  intent: string | null;
  commands: number[];
}

export type LiveMessage =
  | {kind: 'snapshot'; event: number; devices: Device[]; areas: Area[]}
  | {kind: 'event'; event: HomeEvent}
  | {kind: 'device'; device: Device};
