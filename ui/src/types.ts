/** What the API sends; src/api/openapi.json is its source. */
export type Json = null | boolean | number | string | Json[] | {[key: string]: Json};

/** Capability (with its endpoint where there are several: "left/on_off"), then attribute. */
export type Twin = Record<string, Record<string, Json>>;

export type Role = 'owner' | 'member' | 'child' | 'guest';
export type Verb = 'see' | 'use' | 'open' | 'arrange' | 'manage';

/** Some verbs for the devices of some areas (by id; everywhere where none is named) and some types (of
    all where none is named). */
export interface Grant {
  areas: string[];
  types: string[];
  verbs: Verb[];
}

export interface Rights {
  role: Role;
  /** From then on nothing; null for no end. */
  until: string | null;
  grants: Grant[];
}

/** Somebody who lives here. What others may do is told only to who manages the home. */
export interface Person extends Partial<Rights> {
  id: string;
  name: string;
}

export interface Session {
  claimed: boolean;
  person: null | (Person & Rights);
  version: string;
}

export interface Area {
  id: string;
  name: string;
  floor?: string;
  aliases?: string[];
}

export type Labels = Record<string, string>;

export interface Device {
  id: string;
  name: string;
  area: string | null;
  type: string;
  online: boolean;
  aliases: string[];
  /** What the device itself calls its attributes, by path, where it does. */
  labels?: Labels;
  reported: Twin;
  desired: Twin;
  /** Paths that it tells to be on its way to: a curtain that moves, a lock that turns. */
  under_way?: string[];
}

export interface AttributeSpec {
  type: 'boolean' | 'integer' | 'number' | 'enum' | 'text';
  label?: string;
  unit?: string;
  min?: number;
  max?: number;
  options?: string[];
  write: boolean;
  command?: boolean;
  /** These values (or numbers above one, or any) want a second yes: the catalogue says which. */
  ask_first?: {values?: Json[]; above?: number};
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

/** What a type of device looks like and is called; catalog/device_types.yaml says more. */
export interface DeviceType {
  icon: string;
  /** What several of it are called, where that is not its name with an s. */
  plural?: string;
  /** The attribute that it is about. */
  primary?: string;
  /** What it is in Home Assistant's words. */
  domains: string[];
}

/** What of the hub's catalogue the page needs. */
export interface Catalogue {
  device_types: Record<string, DeviceType>;
  /** What is shown first of what a device tells. */
  readings: string[];
}

/** Who it was: a person, an automation by its id, … */
export interface Subject {
  kind: 'nobody' | 'person' | 'token' | 'agent' | 'automation' | 'device' | 'hub';
  id?: string;
  /** Of a person, in events. */
  name?: string;
}

/** Who led to something, by which way, in which words, and in answer to which event. */
export interface Cause {
  subject: Subject;
  via?: 'page' | 'api' | 'sentence' | 'rule' | 'cli' | 'mcp';
  said?: string;
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
  floor?: string;
  under_way?: boolean;
  text?: string;
  aliases?: string[];
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
  from?: Json;
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
  online?: boolean;
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
  lastRun: null | ({id: number; time: string} & Outcome);
}

/** How a run stands: its steps, those that could not be done or were not confirmed, and those whose
    device has still to answer. */
export interface Outcome {
  state: string;
  stepsTotal: number;
  stepsFailed: number;
  stepsUnanswered: number;
}

export interface Trace extends Outcome {
  id: number;
  rule: string;
  name: string;
  time: string;
  triggerText: string;
  triggerEvent: number | null;
  cause: Cause | null;
  conditions: {text: string; operands: string; result: boolean}[];
  steps: Step[];
}

export interface Step {
  /** Which action of the rule it is, "1" for the first: unlike any other step's of the run. */
  path: string;
  time: string;
  text: string;
  result: string;
  detail: string;
  /** It asked a device for something, and waits for the device and not for time. */
  isCommand: boolean;
}

/** What a sentence means and what came of it. */
export interface Answer {
  understood: boolean;
  reply: string;
  lang: string;
  intent: string | null;
  commands: number[];
  /** Sent with what is said next. */
  conversation?: string;
  /** `reply` is a question, and nothing has happened yet; a yes does just this. */
  confirm?: null | {
    id: string;
    why: string;
    expires_at: string;
    devices: {device: string; name: string | null; set: Record<string, Json>}[];
  };
}

export type LiveMessage =
  | {kind: 'snapshot'; event: number; time?: string; devices: Device[]; areas: Area[]}
  | {kind: 'event'; event: HomeEvent}
  | {kind: 'device'; device: Device}
  | {kind: 'heartbeat'; event: number; time?: string};
