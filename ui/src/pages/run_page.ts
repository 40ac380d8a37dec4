import {LitElement, css, html, nothing, type PropertyValues} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {api, ApiError} from '../api';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {runBadge} from '../parts/rule_card';
import {links} from '../router';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {HomeEvent, Trace} from '../types';
import {eventParts} from '../words/events';
import {render} from '../words/parts';
import {pathsInWords, stepText} from '../words/rules';
import {fullTimeText, timeText} from '../words/times';

const S = strings.rule;
const ended = new Set(['finished', 'failed', 'not_met', 'restarted', 'stopped']);

/** The trace of one run: what set it off, what was checked, what was done and what came of it. */
@customElement('run-page')
export class RunPage extends LitElement {
  @property({type: Number}) number = 0;
  @state() private trace: Trace | null | undefined;
  /** What set it off, where the page's own log does not reach back so far. */
  @state() private trigger: HomeEvent | undefined;
  private seen = 0;

  static override styles = [
    baseStyles,
    css`
      header {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        margin-bottom: var(--gap-4);
      }
      header h1 {
        display: flex;
        gap: var(--gap-2);
        align-items: center;
        flex-wrap: wrap;
      }
      .trace {
        padding: var(--gap-2) var(--gap-4) var(--gap-4);
        max-width: 46rem;
      }
      h2 {
        font-size: var(--text-s);
        font-weight: 600;
        color: var(--soft);
        margin: var(--gap-4) 0 var(--gap-2);
      }
      li {
        display: grid;
        grid-template-columns: 1.5rem minmax(0, 1fr) auto;
        gap: var(--gap-2);
        padding: var(--gap-2) 0;
        align-items: start;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      li > svg {
        width: 1.1rem;
        height: 1.1rem;
        margin-top: 0.15rem;
        color: var(--soft);
      }
      li.good > svg {
        color: var(--good);
      }
      li.bad > svg {
        color: var(--bad);
      }
      li.wait > svg {
        color: var(--wait);
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override willUpdate(changed: PropertyValues) {
    const running = this.trace && !ended.has(this.trace.state);
    const moved = running && store.log.last !== this.seen;
    if (changed.has('number') || moved) void this.load();
  }

  override render() {
    const {trace} = this;
    if (trace === undefined)
      return html`
        <p class="soft">${strings.app.loading}</p>
      `;
    if (trace === null)
      return html`
        <p>${S.runNotFound}</p>
      `;
    return html`
      <header>
        <a href=${links.rule(trace.rule)} aria-label=${strings.app.back}>${icon('back')}</a>
        <div>
          <h1>${trace.name || store.rule(trace.rule)?.name || S.trace} ${runBadge(trace)}</h1>
          <p class="soft small">${fullTimeText(trace.time)}</p>
        </div>
      </header>
      <div class="panel trace" data-run=${trace.id}>
        <h2>${S.trigger}</h2>
        <ul>
          <li>
            ${icon('activity')}
            <span>${this.renderTrigger(trace)}</span>
          </li>
        </ul>
        <h2>${S.conditions}</h2>
        <ul>
          ${trace.conditions.map(
            (each) => html`
              <li class=${each.result ? 'good' : 'bad'}>
                ${icon(each.result ? 'check' : 'close')}
                <span>
                  ${pathsInWords(each.text)}
                  <br />
                  <span class="small soft">${each.operands}</span>
                </span>
                <span class="badge">${S.results[String(each.result)]}</span>
              </li>
            `,
          )}
          ${
            trace.conditions.length
              ? nothing
              : html`
                  <li>
                    ${icon('check')}
                    <span class="soft">${S.noConditions}</span>
                  </li>
                `
          }
        </ul>
        <h2>${S.steps}</h2>
        <ol data-part="steps">
          ${trace.steps.map((step) => this.renderStep(step))}
          ${
            trace.steps.length
              ? nothing
              : html`
                  <li>
                    ${icon('minus')}
                    <span class="soft">${S.noSteps}</span>
                  </li>
                `
          }
        </ol>
      </div>
    `;
  }

  private renderTrigger(trace: Trace) {
    const event = store.log.find(trace.triggerEvent ?? undefined) ?? this.trigger;
    if (event) {
      return html`
        ${render(eventParts(event))}
        <span class="small">
          ·
          <a href=${links.event(event.id)}>${strings.event.number(event.id)}</a>
        </span>
      `;
    }
    const link = trace.triggerEvent
      ? html`
          ·
          <a href=${links.event(trace.triggerEvent)}>${strings.event.number(trace.triggerEvent)}</a>
        `
      : nothing;
    return html`
      ${trace.triggerText ? pathsInWords(trace.triggerText) : S.byHand}${link}
    `;
  }

  private renderStep(step: Trace['steps'][number]) {
    const bad = ['failed', 'refused', 'timed_out'].includes(step.result);
    const wait = step.result === 'waiting';
    return html`
      <li class=${bad ? 'bad' : wait ? 'wait' : 'good'} data-step=${step.path}>
        ${icon(bad ? 'warn' : wait ? 'wait' : 'check')}
        <span>
          ${stepText(step.text)}
          <br />
          <span class="small soft">
            ${timeText(step.time, true)}${step.detail ? ` · ${step.detail}` : ''}
          </span>
        </span>
        <span class="badge ${bad ? 'bad' : wait ? 'wait' : ''}">
          ${wait && step.isCommand ? S.unanswered : (S.results[step.result] ?? step.result)}
        </span>
      </li>
    `;
  }

  private async load() {
    const wanted = this.number;
    this.seen = store.log.last;
    try {
      const trace = await api.trace(wanted);
      if (wanted !== this.number) return;
      this.trace = trace;
      this.trigger = trace.triggerEvent
        ? await store.fetchEvent(trace.triggerEvent).catch(() => undefined)
        : undefined;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.trace = null;
      else store.problem(error);
    }
  }
}
