import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import '../controls/toggle_switch';
import {api} from '../api';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {links} from '../router';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {Outcome, Rule, Trace} from '../types';
import {plain, render} from '../words/parts';
import {ruleParts} from '../words/rules';
import {agoText, fullTimeText, timeText} from '../words/times';

const S = strings.rule;

export function stateBadge(state: string) {
  const kinds: Record<string, string> = {
    finished: 'good',
    running: 'wait',
    started: 'wait',
    failed: 'bad',
    invalid: 'bad',
    set_aside: 'bad',
    waiting: 'warn',
  };
  return html`
    <span class="badge ${kinds[state] ?? ''}">${S.states[state] ?? state}</span>
  `;
}

/** How a run ended. Done is what its devices confirmed: what was only sent is under way, and a run of
    which a step failed is no good one, though it came to its end. */
export function runBadge(run: Outcome) {
  const isWaiting =
    run.state === 'waiting' || (run.state === 'finished' && run.stepsUnanswered > 0);
  if (run.stepsFailed > 0 && (run.state === 'failed' || run.state === 'finished')) {
    return html`
      <span class="badge bad">${S.stepsFailed(run.stepsFailed, run.stepsTotal)}</span>
    `;
  }
  if (!isWaiting) return stateBadge(run.state);
  return html`
    <span class="badge wait">${S.unanswered}</span>
  `;
}

/** One rule in words, with its last run and what can be done with it. */
@customElement('rule-card')
export class RuleCard extends LitElement {
  @property({attribute: false}) rule!: Rule;
  @property({type: Boolean}) open = false;
  @state() private sure = false;
  /** While it is being switched on or off: which. */
  @state() private wanted: boolean | undefined;
  @state() private runs: Trace[] | undefined;

  static override styles = [
    baseStyles,
    css`
      article {
        padding: var(--gap-4);
        display: grid;
        gap: var(--gap-3);
      }
      .head,
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--gap-2);
      }
      .head h2 {
        flex: 1 1 auto;
      }
      .head h2 a {
        color: inherit;
        text-decoration: none;
      }
      .words {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--gap-1) var(--gap-3);
        margin: 0;
      }
      dt {
        color: var(--soft);
        font-size: var(--text-s);
        line-height: 1.7;
      }
      dd {
        margin: 0;
      }
      .words a {
        color: inherit;
        font-weight: 600;
      }
      .then li + li::before {
        content: '↳ ';
        color: var(--soft);
      }
      footer {
        justify-content: space-between;
        border-top: 1px solid var(--line);
        padding-top: var(--gap-3);
        margin-top: auto;
      }
      footer .buttons {
        display: flex;
        gap: var(--gap-2);
        margin-left: auto;
      }
      footer button {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
      }
      footer button svg {
        width: 1rem;
        height: 1rem;
      }
      .runs li {
        display: flex;
        gap: var(--gap-3);
        align-items: center;
        padding: var(--gap-1) 0;
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override updated() {
    if (this.open && !this.runs) void this.loadRuns();
  }

  override render() {
    const {rule} = this;
    const words = ruleParts(rule.definition);
    const mayChange = store.may('arrange');
    return html`
      <article class="panel" aria-label=${rule.name} data-rule=${rule.id}>
        <div class="head">
          <h2><a href=${links.rule(rule.id)}>${rule.name}</a></h2>
          ${rule.state === 'enabled' && mayChange ? nothing : stateBadge(rule.state)}
          ${mayChange ? this.renderSwitch() : nothing}
        </div>
        ${
          rule.detail
            ? html`
                <p class="small soft">${rule.detail}</p>
              `
            : nothing
        }
        <dl class="words">
          ${words.when.map(
            (parts) => html`
              <dt>${S.when}</dt>
              <dd>${render(parts)}</dd>
            `,
          )}
          ${words.conditions.map(
            (parts) => html`
              <dt>${S.onlyIf}</dt>
              <dd>${render(parts)}</dd>
            `,
          )}
          <dt>${S.then}</dt>
          <dd>
            <ul class="then">
              ${words.then.map(
                (parts) => html`
                  <li>${render(parts)}</li>
                `,
              )}
            </ul>
          </dd>
        </dl>
        ${this.open ? this.renderRuns() : nothing}
        <footer>
          <span class="small soft" data-part="last-run">${this.renderLastRun()}</span>
          ${
            mayChange
              ? html`
                  <div class="buttons">
                    ${this.sure ? this.renderQuestion() : this.renderButtons()}
                  </div>
                `
              : nothing
          }
        </footer>
        <span class="unseen">${plain(words.when.flat())}</span>
      </article>
    `;
  }

  private renderSwitch() {
    const {rule} = this;
    return html`
      <toggle-switch
        label=${S.enabledOf(rule.name)}
        .on=${this.wanted ?? rule.enabled}
        ?disabled=${!store.live}
        ?pending=${this.wanted !== undefined}
        @toggle=${(event: CustomEvent<boolean>) => this.enable(event.detail)}
      ></toggle-switch>
    `;
  }

  private renderLastRun() {
    const run = this.rule.lastRun;
    if (!run)
      return html`
        ${S.lastRun}: ${S.never}
      `;
    return html`
      <a href=${links.run(run.id)} title=${fullTimeText(run.time)}>
        ${S.lastRun} ${agoText(run.time)}
      </a>
      ${runBadge(run)}
    `;
  }

  private renderButtons() {
    const {rule} = this;
    return html`
      <button
        type="button"
        class="plain icon"
        aria-label=${S.removeOf(rule.name)}
        title=${S.remove}
        ?disabled=${!store.live}
        @click=${() => (this.sure = true)}
      >
        ${icon('trash')}
      </button>
      <button
        type="button"
        aria-label=${S.runOf(rule.name)}
        ?disabled=${!store.live}
        @click=${this.run}
      >
        ${icon('play')} ${S.runNow}
      </button>
    `;
  }

  private renderQuestion() {
    return html`
      <button type="button" class="plain" @click=${() => (this.sure = false)}>
        ${strings.device.cancel}
      </button>
      <button type="button" class="bad" ?disabled=${!store.live} @click=${this.removeRule}>
        ${S.removeYes}
      </button>
    `;
  }

  private renderRuns() {
    return html`
      <section>
        <h3>${S.earlier}</h3>
        <ul class="runs">
          ${(this.runs ?? []).map(
            (run) => html`
              <li>
                <a href=${links.run(run.id)}>${timeText(run.time, true)}</a>
                ${runBadge(run)}
              </li>
            `,
          )}
          ${
            this.runs?.length === 0
              ? html`
                  <li class="soft">${S.never}</li>
                `
              : nothing
          }
        </ul>
      </section>
    `;
  }

  private async loadRuns() {
    try {
      this.runs = await api.runs(this.rule.id);
    } catch (error) {
      this.runs = [];
      store.problem(error);
    }
  }

  private async enable(enabled: boolean) {
    this.wanted = enabled;
    try {
      await api.enableRule(this.rule.id, enabled);
      await store.loadRules();
    } catch (error) {
      store.problem(error);
    }
    this.wanted = undefined;
  }

  private async run() {
    try {
      await api.runRule(this.rule.id);
      await store.loadRules();
      this.runs = undefined;
    } catch (error) {
      store.problem(error);
    }
  }

  private async removeRule() {
    try {
      await api.removeRule(this.rule.id);
      location.hash = links.rules;
      await store.loadRules();
    } catch (error) {
      store.problem(error);
    }
  }
}
