import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {iconOf} from '../device_shape';
import {icon} from '../icons';
import {links} from '../router';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {HomeEvent} from '../types';
import {causeParts, eventParts} from '../words/events';
import {plain, render} from '../words/parts';
import {fullTimeText, timeText} from '../words/times';

const S = strings.event;

const iconsByKind: Record<string, string> = {
  automation_run: 'rules',
  automation_edited: 'edit',
  notification: 'bell',
  command_issued: 'send',
  area_added: 'home',
  area_removed: 'home',
  device_forgotten: 'minus',
  device_edited: 'edit',
  desired_withdrawn: 'check',
  device_joined: 'plus',
  device_left: 'minus',
};

function drawingOf(event: HomeEvent): string {
  if (event.kind === 'availability_changed') return event.online === false ? 'offline' : 'online';
  const device = store.device(event.device);
  return iconsByKind[event.kind] ?? (device ? iconOf(device) : 'activity');
}

const badgeKinds: Record<string, string> = {assumed: '', refused: 'bad', timed_out: 'bad'};

/** One event: when, what, and why; the time leads to the event, every named thing to itself. */
@customElement('event-row')
export class EventRow extends LitElement {
  @property({attribute: false}) event!: HomeEvent;
  @property({type: Number}) alike = 0;
  @property({type: Boolean}) current = false;

  static override styles = [
    baseStyles,
    css`
      article {
        display: grid;
        grid-template-columns: 1.75rem minmax(0, 1fr) auto;
        gap: 0 var(--gap-2);
        padding: 0.55rem var(--gap-4);
        align-items: start;
      }
      article > svg {
        width: 1.15rem;
        height: 1.15rem;
        margin-top: 0.15rem;
        color: var(--soft);
      }
      .what a {
        color: inherit;
        font-weight: 600;
        text-decoration: none;
      }
      .what a:hover {
        text-decoration: underline;
      }
      .what,
      .why {
        overflow-wrap: anywhere;
      }
      .why {
        font-size: var(--text-s);
        color: var(--soft);
      }
      .done {
        color: var(--good);
      }
      .done svg {
        width: 1rem;
        height: 1rem;
        vertical-align: -0.15em;
      }
      .why a {
        color: inherit;
      }
      .why a:hover {
        color: var(--accent);
      }
      .time {
        text-decoration: none;
        font-size: var(--text-s);
        color: var(--soft);
        white-space: nowrap;
        line-height: 1.6;
      }
      .time:hover {
        text-decoration: underline;
      }
      :host([current]) article {
        background: var(--accent-wash);
        border-radius: var(--radius-m);
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override render() {
    const {event} = this;
    const what = eventParts(event);
    const drawing = drawingOf(event);
    return html`
      <article data-event=${event.id} data-kind=${event.kind}>
        ${icon(drawing)}
        <div>
          <p class="what">
            ${render(what)} ${this.renderFate()}
            ${
              this.alike
                ? html`
                    <span class="badge">${S.similar(this.alike)}</span>
                  `
                : nothing
            }
          </p>
          <p class="why" data-part="cause">${render(causeParts(event))}</p>
        </div>
        <a
          class="time"
          href=${links.event(event.id)}
          title=${fullTimeText(event.time)}
          aria-label=${`${S.number(event.id)}, ${timeText(event.time, true)}: ${plain(what)}`}
        >
          ${timeText(event.time, true)}
        </a>
      </article>
    `;
  }

  /** What became of a command stands beside it. */
  private renderFate() {
    const fate =
      this.event.kind === 'command_issued'
        ? store.log.commands.get(this.event.command ?? 0)
        : undefined;
    if (!fate) return nothing;
    if (!fate.settlement) {
      const open = Object.keys(store.device(this.event.device)?.open ?? {}).length > 0;
      return open
        ? html`
            <span class="badge wait">${icon('wait')} ${S.settled.open}</span>
          `
        : nothing;
    }
    if (fate.settlement === 'confirmed') {
      return html`
        <span class="done" title=${S.settled.confirmed}>
          ${icon('check')}
          <span class="unseen">${S.settled.confirmed}</span>
        </span>
      `;
    }
    return html`
      <span class="badge ${badgeKinds[fate.settlement] ?? ''}" title=${fate.detail ?? nothing}>
        ${S.settled[fate.settlement]}
      </span>
    `;
  }
}
