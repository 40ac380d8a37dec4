import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {api, ApiError, hubNow, noteHubTime} from './api';
import {loadCatalogue} from './catalogue';
import {EventLog} from './event_log';
import {OpenAsks} from './open_asks';
import {allows} from './rights';
import {owed, withValue} from './twin';
import type {
  Area,
  Device,
  DeviceDetails,
  HomeEvent,
  Json,
  LiveMessage,
  Person,
  Rule,
  Session,
  Verb,
} from './types';

/** A device as the page shows it. Replaced, never changed, so that a row compares it by identity. */
export interface DeviceView extends Device {
  /** Commands under way: path → the value asked for. */
  open: Record<string, Json>;
  /** Asked for and not reported, though no command is under way. */
  owed: Record<string, Json>;
  /** Whether it can be asked for anything now: it answers, and so does the hub. */
  usable: boolean;
  /** What the person who looks at it may do with it. */
  may: {use: boolean; open: boolean; arrange: boolean};
}

export interface Notice {
  id: number;
  kind: 'notification' | 'problem';
  text: string;
  href?: string;
}

const notices_shown = 4;
const hidden_ms = 100;
const catalogue_again_ms = 5000;

/** All that the page knows of the home. Fed by live.ts and the API's answers, read by components. */
class Store {
  session: Session | null = null; // set by setSession
  connection: 'connecting' | 'live' | 'lost' = 'connecting';
  devices: DeviceView[] = [];
  areas: Area[] = [];
  readonly log = new EventLog();
  details = new Map<string, DeviceDetails>();
  rules: Rule[] | null = null;
  people: Person[] | null = null;
  /** How often the whole home was told anew: what was fetched before may not be there any more. */
  snapshots = 0;
  notices: Notice[] = [];

  private byId = new Map<string, DeviceView>();
  private waiting = false;
  private readonly asks = new OpenAsks();
  private hosts = new Set<ReactiveControllerHost>();
  private wantedDetails = new Set<string>();
  private rulesTimer = 0;
  private noticeNumber = 0;
  /** What the person was allowed when the home was last shown to them as a whole. */
  private shownTo = '';

  get live(): boolean {
    return this.connection === 'live';
  }

  /** While the hub is away nothing is under way that this page could know of, and nothing works. */
  setConnection(connection: Store['connection']): void {
    if (connection === this.connection) return;
    this.connection = connection;
    if (connection === 'lost') this.asks.clear();
    else this.adoptOpen(this.log.events);
    if (connection === 'live') void this.loadCatalogue();
    this.putAll(this.devices);
    this.changed();
  }

  // --- Who looks ---

  /** Whether the person who is signed in may do something: with a device, or with the home as a whole. */
  may(verb: Verb, device?: {area: string | null; type: string}): boolean {
    const person = this.session?.person;
    if (!person) return false;
    if (!device) return allows(person, hubNow(), verb);
    const area = this.areas.find((each) => each.name === device.area)?.id ?? device.area ?? '';
    return allows(person, hubNow(), verb, {area, type: device.type});
  }

  /** Takes what the hub says of who is signed in. Somebody else, or nobody, finds nothing of what the
      one before was shown; other rights show it in another light. */
  setSession(session: Session): void {
    const before = this.session?.person;
    this.session = session;
    if (before && before.id !== session.person?.id) this.forgetHome();
    else if (rightsText(before) !== rightsText(session.person)) this.applyRights();
    this.changed();
  }

  /** Asks the hub what one may do, where that may have changed. */
  async refreshSession(): Promise<void> {
    try {
      this.setSession(await api.session());
    } catch {
      // live.ts finds out whether the hub is there, and asks again.
    }
  }

  private applyRights(): void {
    this.putAll(this.devices);
    if (this.people) void this.loadPeople(); // what is told of others depends on who asks
    if (!this.may('see')) this.rules = [];
  }

  private forgetHome(): void {
    this.asks.clear();
    this.areas = [];
    this.putAll([]);
    this.log.reset(0);
    this.details.clear();
    this.rules = null;
    this.people = null;
    this.notices = [];
    this.snapshots += 1;
  }

  /** The last event that the page has; none where the home may look otherwise to who looks now. */
  get since(): number {
    return this.shownTo === rightsText(this.session?.person) ? this.log.last : 0;
  }

  attach(host: ReactiveControllerHost): void {
    this.hosts.add(host);
  }
  detach(host: ReactiveControllerHost): void {
    this.hosts.delete(host);
  }
  /** Components look again in the next frame, once for all that came till then. */
  changed(): void {
    if (this.waiting) return;
    this.waiting = true;
    const look = () => {
      if (!this.waiting) return;
      this.waiting = false;
      for (const host of this.hosts) host.requestUpdate();
    };
    requestAnimationFrame(look);
    window.setTimeout(look, hidden_ms); // a page in the background gets no frames
  }

  // --- Looking ---

  device(id: string | undefined): DeviceView | undefined {
    return this.byId.get(id ?? '');
  }
  deviceName(id: string | undefined): string {
    return this.device(id)?.name ?? id ?? '';
  }
  rule(id: string): Rule | undefined {
    return this.rules?.find((rule) => rule.id === id);
  }

  // --- What the hub tells ---

  /** What devices are drawn by; they get new icons where there is another one now. */
  private async loadCatalogue(): Promise<void> {
    try {
      if (!(await loadCatalogue(this.session?.version ?? ''))) return;
      this.putAll(this.devices);
      this.changed();
    } catch {
      window.setTimeout(() => this.live && void this.loadCatalogue(), catalogue_again_ms);
    }
  }

  take(message: LiveMessage): void {
    if ('time' in message && message.time) noteHubTime(message.time);
    if (message.kind === 'heartbeat') return;
    if (message.kind === 'snapshot') this.takeSnapshot(message);
    else if (message.kind === 'device') this.putDevice(message.device);
    else if (message.kind === 'event') this.takeEvent(message.event);
    this.changed();
  }

  private takeSnapshot(message: Extract<LiveMessage, {kind: 'snapshot'}>): void {
    const isFirst = this.snapshots === 0;
    this.snapshots += 1;
    this.shownTo = rightsText(this.session?.person);
    this.areas = message.areas;
    this.asks.clear();
    this.putAll(message.devices);
    for (const id of this.details.keys()) if (!this.byId.has(id)) this.details.delete(id);
    this.log.reset(message.event);
    void this.loadEvents();
    void this.loadWhatMayBeSeen(isFirst);
  }

  /** A snapshot comes in the middle of a stream where what one may see has changed. */
  private async loadWhatMayBeSeen(isFirst: boolean): Promise<void> {
    if (!isFirst) await this.refreshSession();
    await this.loadRules();
  }

  private takeEvent(event: HomeEvent): void {
    if (event.id <= this.log.last) return;
    const device = this.device(event.device);
    this.log.add(event, device?.reported, device && {name: device.name, area: device.area ?? ''});
    this.applyEvent(event);
  }

  /** What an event means for what is shown beside it. The twin itself comes as a `device` message;
      a report is applied too, so that the two never stand apart for a moment. */
  private applyEvent(event: HomeEvent): void {
    const device = this.device(event.device);
    if (event.kind === 'attribute_reported' && device) {
      let reported = device.reported;
      for (const [path, value] of Object.entries(event.attributes ?? {})) {
        reported = withValue(reported, path, value as Json);
      }
      this.putDevice({...device, reported});
    } else if (event.kind === 'availability_changed' && device) {
      this.putDevice({...device, online: event.online !== false});
    } else if (event.kind === 'command_issued' && event.device && event.command) {
      this.adopt(event.device, event.command, event.set ?? {});
    } else if (event.kind === 'command_settled' && event.command) {
      this.settle(event);
    } else if (event.kind === 'device_joined' || event.kind === 'device_changed') {
      if (event.device) this.details.delete(event.device);
    } else if (event.kind === 'area_added' && event.area) {
      const {area: id, name = id, floor, aliases} = event;
      this.areas = [...this.areas.filter((area) => area.id !== id), {id, name, floor, aliases}];
    } else if (event.kind === 'area_removed') {
      this.removeArea(event.area);
    } else if (event.kind === 'device_left') {
      this.byId.delete(event.device ?? '');
      this.devices = this.devices.filter((other) => other.id !== event.device);
    } else if (event.kind === 'automation_run' || event.kind === 'automation_edited') {
      this.reloadRulesSoon();
    } else if (event.kind === 'notification') {
      this.notice('notification', event.text ?? '', `#/events/${event.id}`);
    }
  }

  private removeArea(id: string | undefined): void {
    const name = this.areas.find((area) => area.id === id)?.name;
    this.areas = this.areas.filter((area) => area.id !== id);
    this.putAll(this.devices.map((each) => (each.area === name ? {...each, area: null} : each)));
  }

  private settle(event: HomeEvent): void {
    const ask = this.asks.find(event.command);
    this.asks.end(ask);
    const device = this.device(event.device);
    if (device) this.putDevice(device);
    const failed = event.settlement === 'refused' || event.settlement === 'timed_out';
    if (ask && failed) this.onFailed(event);
  }

  /** Told when a command that was under way here fails; main.ts puts it into words. */
  onFailed: (event: HomeEvent) => void = () => undefined;

  // --- Devices ---

  private putAll(devices: Device[]): void {
    this.devices = devices.map((device) => this.view(device)).sort(byName);
    this.byId = new Map(this.devices.map((device) => [device.id, device]));
  }

  putDevice(device: Device): void {
    const view = this.view(device);
    const known = this.byId.get(device.id);
    this.byId.set(device.id, view);
    const others = () => this.devices.filter((other) => other.id !== device.id);
    if (known?.name !== device.name) this.devices = [...others(), view].sort(byName);
    else this.devices = this.devices.map((other) => (other.id === device.id ? view : other));
  }

  private view(device: Device): DeviceView {
    const open = this.asks.of(device.id);
    const owing = owed(device);
    for (const path of Object.keys(open)) delete owing[path];
    const may = {
      use: this.may('use', device),
      open: this.may('open', device),
      arrange: this.may('arrange', device),
    };
    return {...device, open, owed: owing, usable: device.online && this.live, may};
  }

  private adopt(device: string, command: number, set: Record<string, Json>): void {
    if (this.asks.adopt(device, command, set)) this.refresh(device);
  }

  /** Commands that were under way before this page was there. */
  private adoptOpen(events: HomeEvent[]): void {
    for (const event of events) {
      const {device, command} = event;
      const isOpen =
        event.kind === 'command_issued' && command && !this.log.commands.get(command)?.settlement;
      if (isOpen && device) this.adopt(device, command, event.set ?? {});
    }
  }

  private refresh(device: string): void {
    const known = this.device(device);
    if (known) this.putDevice(known);
    this.changed();
  }

  /** Asks a device for something. What was asked shows at once as under way. */
  async ask(device: string, set: Record<string, Json>): Promise<void> {
    const ask = this.asks.begin(device, set);
    this.refresh(device);
    try {
      const state = await api.command(device, set);
      const settled = state.settlement || this.log.commands.get(state.command)?.settlement;
      if (settled) this.asks.end(ask);
      else if (!this.asks.find(state.command)) ask.command = state.command;
    } catch (error) {
      this.asks.end(ask);
      this.problem(error);
    }
    this.refresh(device);
  }

  /** What was asked and never confirmed is asked for no more; nothing is sent. */
  async letGo(id: string, paths: string[]): Promise<void> {
    try {
      const device = await api.letGo(id, paths);
      if (device) this.update(device);
    } catch (error) {
      this.problem(error);
    }
    this.changed();
  }

  /** An answer about a device, which may be gone from here meanwhile. */
  private update(device: Device): void {
    if (this.byId.has(device.id)) this.putDevice(device);
  }

  async edit(id: string, change: {name?: string; area?: string | null}): Promise<void> {
    this.update(await api.edit(id, change));
    this.details.delete(id);
    this.changed();
  }

  /** What a device can do; asked for once, when it is first shown. */
  wantDetails(id: string): DeviceDetails | undefined {
    const known = this.details.get(id);
    if (!known && !this.wantedDetails.has(id)) {
      this.wantedDetails.add(id);
      void this.loadDetails(id);
    }
    return known;
  }

  private async loadDetails(id: string): Promise<void> {
    try {
      const details = await api.device(id);
      if (this.byId.has(id)) this.details.set(id, details);
      this.changed();
    } catch {
      // Without them a row offers what its twin lets guess; the next device message asks again.
    } finally {
      this.wantedDetails.delete(id);
    }
  }

  // --- Events ---

  async loadEvents(): Promise<void> {
    const asked = this.snapshots;
    try {
      const page = await api.events();
      if (asked !== this.snapshots) return; // another answer is on its way
      this.log.putNewest(page.events);
      this.adoptOpen(page.events);
    } catch (error) {
      this.problem(error);
    }
    this.changed();
  }

  /** Another page of older ones; false where there are none. */
  async loadOlder(): Promise<boolean> {
    if (this.log.oldest <= 1) return false;
    const asked = this.snapshots;
    const page = await api.events(this.log.oldest);
    if (asked !== this.snapshots) return true;
    const found = this.log.putOlder(page.events);
    this.changed();
    return found;
  }

  async fetchEvent(id: number): Promise<HomeEvent | undefined> {
    return this.log.find(id) ?? (await api.event(id));
  }

  // --- Rules ---

  /** Who may not see the whole home may not see its rules. */
  async loadRules(): Promise<void> {
    try {
      this.rules = this.may('see') ? await api.rules() : [];
    } catch (error) {
      const isRefused = error instanceof ApiError && error.status === 403;
      this.rules = isRefused ? [] : (this.rules ?? []);
      if (!isRefused) this.problem(error);
    }
    this.changed();
  }

  private reloadRulesSoon(): void {
    window.clearTimeout(this.rulesTimer);
    this.rulesTimer = window.setTimeout(() => void this.loadRules(), 200);
  }

  // --- People ---

  async loadPeople(): Promise<void> {
    try {
      this.people = await api.persons();
    } catch (error) {
      this.people ??= [];
      this.problem(error);
    }
    this.changed();
  }

  // --- Notices ---

  /** The same again stands there once, for as long as the last of them. */
  notice(kind: Notice['kind'], text: string, href?: string): void {
    const notice = {id: ++this.noticeNumber, kind, text, href};
    const others = this.notices.filter((other) => other.kind !== kind || other.text !== text);
    this.notices = [...others, notice].slice(-notices_shown);
    window.setTimeout(() => this.dismiss(notice.id), kind === 'problem' ? 8000 : 12000);
    this.changed();
  }
  problem(error: unknown): void {
    this.notice('problem', error instanceof Error ? error.message : String(error));
  }
  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
    this.changed();
  }
}

/** Rights as a text, to compare them. */
function rightsText(person: Session['person'] | undefined): string {
  return person ? JSON.stringify([person.id, person.role, person.until, person.grants]) : '';
}

function byName(one: Device, other: Device): number {
  return one.name.localeCompare(other.name);
}

export const store = new Store();

/** Renders its component again whenever the store changes. */
export class StoreController implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }
  hostConnected(): void {
    store.attach(this.host);
  }
  hostDisconnected(): void {
    store.detach(this.host);
  }
}
