import {LitElement, css, html, nothing} from 'lit';
import {customElement, query, state} from 'lit/decorators.js';

import {api, hubNow} from '../api';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {links} from '../router';
import {change, languages, settings} from '../settings';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {Answer} from '../types';

const S = strings.say;
const names_shown = 6;

type Question = NonNullable<Answer['confirm']>;

/** For how long a question can still be answered. */
function leftMs(answer: Answer): number {
  return Math.max(0, Date.parse(answer.confirm?.expires_at ?? '') - hubNow());
}

/** A sentence for the home, and its answer with a link to what it did. `/` comes here. */
@customElement('sentence-box')
export class SentenceBox extends LitElement {
  @query('input') private input!: HTMLInputElement;
  @state() private answer: Answer | undefined;
  @state() private fault = '';
  @state() private busy = false;
  private timer = 0;

  static override styles = [
    baseStyles,
    css`
      form {
        display: flex;
        align-items: center;
        gap: var(--gap-1);
        padding: 0.2rem 0.25rem 0.2rem 0.75rem;
        background: var(--surface);
        border: 1px solid var(--edge);
        border-radius: 99px;
        box-shadow: var(--shadow);
      }
      form:focus-within {
        border-color: var(--accent);
        box-shadow: 0 0 0 2px color-mix(in srgb, var(--accent) 35%, transparent);
      }
      form > svg {
        color: var(--soft);
      }
      form input:not([type='range']):not([type='checkbox']),
      form select {
        border: 0;
        background: none;
        outline: none;
      }
      form input:not([type='range']):not([type='checkbox']) {
        flex: 1;
        padding-left: var(--gap-1);
      }
      form select {
        width: auto;
        color: var(--soft);
        font-size: var(--text-s);
        max-width: 6.5rem;
        border-radius: 99px;
      }
      form select option {
        background: var(--surface);
        color: var(--ink);
      }
      form select:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: -4px;
      }
      kbd {
        font: 500 0.75rem/1 var(--font-mono);
        color: var(--soft);
        border: 1px solid var(--line);
        border-radius: 5px;
        padding: 0.2rem 0.4rem;
      }
      form:focus-within kbd {
        display: none;
      }
      @media (hover: none), (max-width: 40rem) {
        kbd {
          display: none;
        }
      }
      form button.main {
        border-radius: 50%;
      }
      :host {
        position: relative;
      }
      .answer {
        position: absolute;
        z-index: 5;
        left: 0;
        right: 0;
        border: 1px solid var(--line);
        box-shadow: var(--shadow-high);
        display: flex;
        align-items: center;
        gap: var(--gap-2) var(--gap-3);
        flex-wrap: wrap;
        margin-top: var(--gap-2);
        padding: var(--gap-2) var(--gap-2) var(--gap-2) var(--gap-4);
        border-radius: var(--radius-m);
        background: var(--accent-wash);
      }
      .answer.not {
        background: var(--warn-wash);
      }
      .answer.question {
        padding: var(--gap-3) var(--gap-4);
        background: var(--warn-wash);
      }
      .question p span {
        display: block;
        font-weight: 400;
        overflow-wrap: anywhere;
      }
      .question div {
        display: flex;
        gap: var(--gap-2);
        margin-left: auto;
      }
      .question .main {
        border-radius: var(--radius-s);
      }
      .answer p {
        flex: 1 1 12rem;
        font-weight: 550;
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    window.addEventListener('hashchange', this.dismiss);
  }
  override disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
    window.removeEventListener('hashchange', this.dismiss);
  }

  override render() {
    const hint = S.hints[settings.language] ?? S.placeholder;
    return html`
      <form role="search" aria-label=${S.label} @submit=${this.say}>
        ${icon('say')}
        <input
          aria-label=${S.label}
          placeholder=${hint}
          lang=${settings.language}
          autocomplete="off"
          enterkeyhint="send"
          maxlength="500"
          @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.input.blur()}
        />
        <kbd aria-hidden="true">/</kbd>
        <select aria-label=${S.language} @change=${this.choose}>
          ${languages.map(
            (each) => html`
              <option value=${each} .selected=${each === settings.language}>
                ${S.languages[each]}
              </option>
            `,
          )}
        </select>
        <button
          class="main icon"
          aria-label=${S.send}
          title=${S.send}
          ?disabled=${this.busy || !store.live}
        >
          ${icon('send')}
        </button>
      </form>
      <div aria-live="polite" data-part="answer">${this.renderAnswer()}</div>
    `;
  }

  private renderAnswer() {
    if (this.fault) return this.bubble(this.fault, false, '');
    if (!this.answer) return nothing;
    const {reply, understood, lang, commands, confirm} = this.answer;
    if (confirm) return this.renderQuestion(reply, lang, confirm);
    return this.bubble(reply || (understood ? '✓' : S.notUnderstood), understood, lang, commands);
  }

  private bubble(text: string, understood: boolean, lang: string, commands: number[] = []) {
    const events = commands
      .map((id) => store.log.commands.get(id)?.event)
      .filter(Boolean) as number[];
    return html`
      <div class="answer ${understood ? '' : 'not'}">
        <p lang=${lang || nothing}>${text}</p>
        ${events.slice(0, 3).map(
          (id) => html`
            <a href=${links.event(id)}>${S.what}</a>
          `,
        )}
        <button type="button" class="plain icon" aria-label=${S.dismiss} @click=${this.dismiss}>
          ${icon('close')}
        </button>
      </div>
    `;
  }

  /** What would move stands there by name: a yes does just that. */
  private renderQuestion(reply: string, lang: string, confirm: Question) {
    const names = confirm.devices.map((each) => each.name ?? store.deviceName(each.device));
    const hidden = names.length - names_shown;
    const list = [...names.slice(0, names_shown), ...(hidden > 0 ? [S.more(hidden)] : [])];
    return html`
      <div class="answer question" role="group" aria-label=${reply} data-part="question">
        <p lang=${lang || nothing}>
          ${reply}
          ${
            names.length > 1
              ? html`
                  <span class="small soft">${list.join(', ')}</span>
                `
              : nothing
          }
        </p>
        <div>
          <button
            type="button"
            class="plain"
            ?disabled=${this.busy}
            @click=${() => this.settle(false)}
          >
            ${S.no}
          </button>
          <button
            type="button"
            class="main"
            ?disabled=${this.busy || !store.live}
            @click=${() => this.settle(true)}
          >
            ${S.yes}
          </button>
        </div>
      </div>
    `;
  }

  private async settle(yes: boolean) {
    const {conversation = '', confirm} = this.answer ?? {};
    if (!confirm || this.busy) return;
    await this.ask(() => api.confirm(conversation, confirm.id, yes));
    this.input.focus();
  }

  /** Sends something to the hub, and shows what it answers; a question only while it stands. */
  private async ask(send: () => Promise<Answer>): Promise<void> {
    this.busy = true;
    this.fault = '';
    window.clearTimeout(this.timer);
    try {
      this.answer = await send();
      if (this.answer.confirm) this.timer = window.setTimeout(this.expire, leftMs(this.answer));
    } catch (error) {
      this.answer = undefined;
      this.fault = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }

  private readonly expire = () => {
    this.answer = undefined;
    this.fault = S.expired;
  };

  private async say(event: SubmitEvent) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text || this.busy || !store.live) return;
    const {conversation} = this.answer ?? {};
    await this.ask(() => api.say(text, settings.language, conversation));
    const {understood, confirm} = (this.answer ?? {}) as Partial<Answer>;
    if (understood || confirm) this.input.value = '';
    else if (this.answer) this.input.select();
  }

  private readonly dismiss = () => {
    window.clearTimeout(this.timer);
    this.answer = undefined;
    this.fault = '';
  };

  private choose(event: Event) {
    change({language: (event.target as HTMLSelectElement).value});
    this.requestUpdate();
  }

  /** `/` anywhere but in a field. */
  private readonly onKey = (event: KeyboardEvent) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLElement && target.matches('input, select, textarea')) return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  };
}
