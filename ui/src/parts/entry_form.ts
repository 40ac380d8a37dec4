import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {api, ApiError} from '../api';
import {baseStyles} from '../base_styles';
import {mark} from '../icons';
import {strings} from '../strings';
import {inText} from '../words/times';

const S = strings.enter;

/** The door: claims a home that is nobody's, or signs in. Fires `entered`. */
@customElement('entry-form')
export class EntryForm extends LitElement {
  @property({type: Boolean}) claimed = false;
  @state() private busy = false;
  @state() private fault = '';
  /** Until when the hub takes no further try. */
  @state() private closedUntil = 0;
  private timer = 0;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        min-height: 100dvh;
        place-items: center;
        padding: var(--gap-4);
      }
      main {
        width: min(25rem, 100%);
        padding: var(--gap-6);
      }
      main > svg {
        width: 3rem;
        height: 3rem;
      }
      h1 {
        margin: var(--gap-3) 0 var(--gap-2);
      }
      form {
        display: grid;
        gap: var(--gap-4);
        margin-top: var(--gap-5);
      }
      button {
        min-height: 2.75rem;
      }
      .code {
        font-family: var(--font-mono);
        letter-spacing: 0.08em;
        text-transform: uppercase;
      }
      .code::placeholder {
        letter-spacing: 0.08em;
      }
    `,
  ];

  override firstUpdated() {
    this.renderRoot.querySelector('input')?.focus();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  override render() {
    const waitS = Math.ceil((this.closedUntil - Date.now()) / 1000);
    return html`
      <main class="panel">
        ${mark()}
        <h1>${this.claimed ? S.signInTitle : S.welcome}</h1>
        <p class="soft">${this.claimed ? S.signInText : S.claimText}</p>
        <form @submit=${this.enter}>
          ${this.claimed ? nothing : this.renderCode()}
          <label>
            <span>${S.name}</span>
            <input name="name" required maxlength="100" autocomplete="username" />
          </label>
          <label>
            <span>${S.password}</span>
            <input
              name="password"
              type="password"
              required
              maxlength="200"
              autocomplete=${this.claimed ? 'current-password' : 'new-password'}
            />
          </label>
          <p class="error" role="alert" ?hidden=${!this.fault}>${this.fault}</p>
          ${
            waitS > 0
              ? html`
                  <p class="small" data-part="wait">${S.tryAgain(inText(waitS))}</p>
                `
              : nothing
          }
          <button class="main" ?disabled=${this.busy || waitS > 0}>
            ${this.busy ? S.working : this.claimed ? S.signIn : S.claim}
          </button>
        </form>
      </main>
    `;
  }

  private renderCode() {
    return html`
      <label>
        <span>${S.code}</span>
        <input
          class="code"
          name="code"
          required
          maxlength="20"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck="false"
          placeholder="XXXX-XXXX"
        />
      </label>
    `;
  }

  private async enter(event: SubmitEvent) {
    event.preventDefault();
    if (this.busy) return;
    const form = new FormData(event.target as HTMLFormElement);
    const word = (name: string) => String(form.get(name) ?? '');
    this.busy = true;
    this.fault = '';
    try {
      if (this.claimed) await api.signIn(word('name').trim(), word('password'));
      else
        await api.claim(word('code').trim().toUpperCase(), word('name').trim(), word('password'));
      this.dispatchEvent(new CustomEvent('entered'));
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
      if (error instanceof ApiError && error.retryAfterS) this.wait(error.retryAfterS);
    } finally {
      this.busy = false;
    }
  }

  /** Counts down to the next try; then the form is as before. */
  private wait(seconds: number) {
    this.closedUntil = Date.now() + seconds * 1000;
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => {
      if (Date.now() >= this.closedUntil) {
        window.clearInterval(this.timer);
        this.fault = '';
      }
      this.requestUpdate();
    }, 1000);
  }
}
