import type {Json} from '../types';

/** A control asks for something; the device's row hears it and sends it on. */
export class AskEvent extends CustomEvent<Record<string, Json>> {
  constructor(set: Record<string, Json>) {
    super('ask', {detail: set, bubbles: true, composed: true});
  }
}
