import type {Json} from '../types';

/** A control asks for something; the device's row hears it and sends it on. */
export class AskEvent extends CustomEvent<Record<string, Json>> {
  constructor(set: Record<string, Json>) {
    super('ask', {detail: set, bubbles: true, composed: true});
  }
}

/** Whether a wish is asked about first; or whether it may be asked for at all. */
export type Asks = (path: string, value: Json) => boolean;
