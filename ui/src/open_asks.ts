import type {Json} from './types';

/** Something that a device was asked for and has not answered yet. */
export interface Ask {
  device: string;
  set: Record<string, Json>;
  /** Its number; null until the hub has told it. */
  command: number | null;
}

/** What is under way: commands of this page, and those of others that it has heard of. */
export class OpenAsks {
  private all: Ask[] = [];

  clear(): void {
    this.all = [];
  }

  /** What is asked for now takes the place of what was asked of the same before. */
  begin(device: string, set: Record<string, Json>): Ask {
    const ask: Ask = {device, set, command: null};
    this.all = [...this.all.filter((other) => !overlaps(other, ask)), ask];
    return ask;
  }

  end(ask: Ask | undefined): void {
    this.all = this.all.filter((other) => other !== ask);
  }

  find(command: number | undefined): Ask | undefined {
    return this.all.find((ask) => ask.command === command);
  }

  /** A command of ours gets its number, or one of somebody else's begins; false where it is known. */
  adopt(device: string, command: number, set: Record<string, Json>): boolean {
    if (this.find(command)) return false;
    const ours = this.all.find(
      (ask) =>
        ask.device === device &&
        ask.command === null &&
        JSON.stringify(ask.set) === JSON.stringify(set),
    );
    if (ours) ours.command = command;
    else this.all.push({device, set, command});
    return true;
  }

  /** What a device is asked for: path → value. */
  of(device: string): Record<string, Json> {
    const open: Record<string, Json> = {};
    for (const ask of this.all) if (ask.device === device) Object.assign(open, ask.set);
    return open;
  }
}

function overlaps(one: Ask, other: Ask): boolean {
  return one.device === other.device && Object.keys(other.set).some((path) => path in one.set);
}
