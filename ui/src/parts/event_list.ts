import {LitElement, css, html} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import './event_row';
import {baseStyles} from '../base_styles';
import {settings} from '../settings';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {HomeEvent} from '../types';
import {isReading, newsOf} from '../words/events';

interface Line {
  event: HomeEvent;
  alike: number;
}

/** The same device telling the same things again in one go, as a curtain on its way does. */
function isAlike(newer: HomeEvent, older: HomeEvent): boolean {
  if (newer.kind !== 'attribute_reported' || older.kind !== newer.kind) return false;
  if (newer.device !== older.device || older.cause.event) return false;
  const paths = (event: HomeEvent) =>
    newsOf(event)
      .map(([path]) => path)
      .join();
  const states = (event: HomeEvent) => newsOf(event).some(([, value]) => typeof value !== 'number');
  return paths(newer) === paths(older) && !states(newer) && !states(older);
}

/** Events, newest first; readings only where they are wanted. */
@customElement('event-list')
export class EventList extends LitElement {
  @property({type: Number}) limit = 40;
  @property() device = '';
  @property({type: Boolean}) readings = false;
  /** Other events than the store's: a chain. */
  @property({attribute: false}) events: HomeEvent[] | undefined;

  static override styles = [
    baseStyles,
    css`
      li + li {
        border-top: 1px solid var(--line);
      }
      .none {
        padding: var(--gap-4);
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override render() {
    const lines = this.lines();
    if (!lines.length)
      return html`
        <p class="none soft">${strings.event.none}</p>
      `;
    return html`
      <ol>
        ${repeat(
          lines,
          (line) => line.event.id,
          (line) => html`
            <li><event-row .event=${line.event} .alike=${line.alike}></event-row></li>
          `,
        )}
      </ol>
    `;
  }

  private lines(): Line[] {
    const all = this.readings || settings.readings;
    const lines: Line[] = [];
    for (const event of this.events ?? store.log.events) {
      if (this.device && event.device !== this.device) continue;
      if (!all && isReading(event)) continue;
      const last = lines[lines.length - 1];
      if (last && isAlike(last.event, event)) last.alike += 1;
      else if (lines.length === this.limit) break;
      else lines.push({event, alike: 0});
    }
    return lines;
  }
}
