import {read} from './twin';
import type {HomeEvent, Settlement, Twin} from './types';

export interface CommandFate {
  event: number;
  settlement?: Settlement;
  detail?: string;
}

/** How a device stood in the home, and what it was called. */
export interface Place {
  name: string;
  /** Id or name of its room; empty for none. */
  area: string;
}

const events_kept = 1000;

/** The events that the page has, and what follows from reading them in order. */
export class EventLog {
  /** Newest first, without gaps. */
  events: HomeEvent[] = [];
  last = 0;
  /** What became of each command. */
  readonly commands = new Map<number, CommandFate>();
  /** Event → the attributes that it changed; what a report only repeats is left out. */
  readonly changes = new Map<number, string[]>();
  /** Event of an edit → what the device was called before and where it was, where that is known. */
  readonly places = new Map<number, Place>();
  /** Events of commands that the device's report answered with something new. */
  readonly answered = new Set<number>();

  get oldest(): number {
    return this.events[this.events.length - 1]?.id ?? 0;
  }

  find(id: number | undefined): HomeEvent | undefined {
    if (!id) return undefined;
    const guess = this.events[(this.events[0]?.id ?? 0) - id];
    return guess?.id === id ? guess : this.events.find((event) => event.id === id);
  }

  /** Begins anew after a snapshot: what was there may be another home's, or have a gap behind it. */
  reset(last: number): void {
    this.events = [];
    this.last = last;
  }

  /** The next event as it happens; `twin` and `place` are its device's before it. */
  add(event: HomeEvent, twin: Twin | undefined, place: Place | undefined): void {
    this.last = event.id;
    this.noteCommand(event);
    if (event.kind === 'device_edited' && place) this.places.set(event.id, place);
    if (event.kind === 'attribute_reported') {
      this.noteChanges(event, (path) => JSON.stringify(read(twin ?? {}, path)));
    }
    this.events.unshift(event);
    if (this.events.length > events_kept) this.events.length = events_kept;
  }

  /** The newest page, oldest first, behind what came while it was on its way. */
  putNewest(page: HomeEvent[]): void {
    const end = page[page.length - 1]?.id ?? 0;
    this.events = [...this.events.filter((event) => event.id > end), ...this.digest(page)];
  }

  /** An earlier page, oldest first; false where it brings nothing. */
  putOlder(page: HomeEvent[]): boolean {
    const older = page.filter((event) => event.id < this.oldest);
    this.events = [...this.events, ...this.digest(older)];
    return older.length > 0;
  }

  /** Without the twins of that time, what changed follows from the page alone. */
  private digest(page: HomeEvent[]): HomeEvent[] {
    const before = new Map<string, string>();
    const places = new Map<string, Place>();
    for (const event of page) {
      this.noteCommand(event);
      this.notePlace(event, places);
      if (event.kind !== 'attribute_reported') continue;
      this.noteChanges(event, (path) => before.get(`${event.device} ${path}`));
      for (const [path, value] of Object.entries(event.attributes ?? {})) {
        before.set(`${event.device} ${path}`, JSON.stringify(value));
      }
    }
    return [...page].reverse();
  }

  /** Its name and its room come with a device's joining, and with each edit. */
  private notePlace(event: HomeEvent, places: Map<string, Place>): void {
    const {device = '', name = '', area = ''} = event;
    const known = places.get(device);
    if (event.kind === 'device_edited') {
      if (known) this.places.set(event.id, known);
      places.set(device, {name: name || (known?.name ?? ''), area});
    } else if (event.kind === 'device_joined') {
      places.set(device, {name, area});
    }
  }

  private noteCommand(event: HomeEvent): void {
    const {command} = event;
    if (!command) return;
    if (event.kind === 'command_issued') this.commands.set(command, {event: event.id});
    const fate = this.commands.get(command);
    if (event.kind !== 'command_settled' || !fate) return;
    fate.settlement = event.settlement;
    fate.detail = event.detail;
  }

  private noteChanges(event: HomeEvent, before: (path: string) => string | undefined): void {
    const fresh = Object.entries(event.attributes ?? {})
      .filter(([path, value]) => before(path) !== JSON.stringify(value))
      .map(([path]) => path);
    this.changes.set(event.id, fresh);
    if (event.cause.event && fresh.length) this.answered.add(event.cause.event);
  }
}
