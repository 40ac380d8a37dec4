import {LitElement, css, html, nothing, type PropertyValues} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import '../parts/event_row';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {links} from '../router';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {HomeEvent} from '../types';
import {fullTimeText} from '../words/times';

const S = strings.event;
const chain_longest = 32;

/** One event between its causes, from the first on, and what it led to. */
@customElement('event-page')
export class EventPage extends LitElement {
  @property({type: Number}) number = 0;
  @state() private chain: HomeEvent[] | undefined;
  private snapshot = 0;

  static override styles = [
    baseStyles,
    css`
      :host {
        max-width: 60rem;
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        margin-bottom: var(--gap-4);
      }
      h2 {
        margin: var(--gap-5) 0 var(--gap-2);
        font-size: var(--text-m);
      }
      ol.chain {
        padding: var(--gap-2);
      }
      .chain li {
        position: relative;
      }
      .chain li + li::before {
        content: '';
        position: absolute;
        left: 1.57rem;
        top: -0.65rem;
        height: 1.25rem;
        border-left: 2px solid var(--line);
      }
      .led li + li {
        border-top: 1px solid var(--line);
      }
      pre {
        margin: 0;
        padding: var(--gap-4);
        font: 400 var(--text-s) / 1.5 var(--font-mono);
        overflow-x: auto;
      }
      summary {
        padding: var(--gap-3) var(--gap-4);
        cursor: pointer;
        color: var(--soft);
        font-size: var(--text-s);
      }
      details {
        margin-top: var(--gap-5);
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

  override willUpdate(changed: PropertyValues) {
    // After a snapshot some of it may not be there for who looks any more.
    if (changed.has('number') || this.snapshot !== store.snapshots) void this.load();
  }

  override render() {
    const event = this.chain?.[this.chain.length - 1];
    return html`
      <header>
        <a class="back" href=${links.activity} aria-label=${S.all}>${icon('back')}</a>
        <div>
          <h1>${S.number(this.number)}</h1>
          <p class="soft small">${event ? fullTimeText(event.time) : ''}</p>
        </div>
      </header>
      ${
        this.chain === undefined
          ? html`
              <p class="soft">${strings.app.loading}</p>
            `
          : event
            ? this.renderEvent(this.chain, event)
            : html`
                <p>${S.notFound}</p>
              `
      }
    `;
  }

  private renderEvent(chain: HomeEvent[], event: HomeEvent) {
    const led = this.ledTo(event);
    return html`
      <h2>${S.chain}</h2>
      <ol class="panel chain" data-part="chain">
        ${chain.map(
          (each) => html`
            <li><event-row .event=${each} ?current=${each.id === event.id}></event-row></li>
          `,
        )}
      </ol>
      <h2>${S.led}</h2>
      <ol class="panel led" data-part="led">
        ${
          led.length
            ? led.map(
                (each) => html`
                  <li><event-row .event=${each}></event-row></li>
                `,
              )
            : html`
                <li class="none soft">${S.nothing}</li>
              `
        }
      </ol>
      <details class="panel">
        <summary>${S.raw}</summary>
        <pre>${JSON.stringify(event, null, 2)}</pre>
      </details>
      ${nothing}
    `;
  }

  /** Answers to this event, and to those answers; oldest first. */
  private ledTo(event: HomeEvent): HomeEvent[] {
    const from = new Set([event.id]);
    const led: HomeEvent[] = [];
    for (const later of [...store.log.events].reverse()) {
      if (later.id <= event.id || !later.cause.event || !from.has(later.cause.event)) continue;
      from.add(later.id);
      led.push(later);
      if (led.length === chain_longest) break;
    }
    return led;
  }

  /** The event and its causes, the first cause first. */
  private async load() {
    this.chain = undefined;
    this.snapshot = store.snapshots;
    const wanted = this.number;
    const chain: HomeEvent[] = [];
    let id: number | undefined = wanted;
    try {
      while (id && chain.length < chain_longest) {
        const event: HomeEvent | undefined = await store.fetchEvent(id);
        if (!event) break;
        chain.unshift(event);
        id = event.cause.event;
      }
    } catch (error) {
      store.problem(error);
    }
    if (wanted === this.number) this.chain = chain;
  }
}
