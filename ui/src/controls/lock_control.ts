import {LitElement, css, html} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {strings} from '../strings';
import {AskEvent} from './ask';

const S = strings.device;

/** Locks at once; unlocks only once it was said twice. */
@customElement('lock-control')
export class LockControl extends LitElement {
  @property() state = '';
  @property() name = '';
  @property({type: Boolean}) pending = false;
  @property({type: Boolean}) disabled = false;

  @state() private asking = false;

  static override styles = [
    baseStyles,
    css`
      div {
        display: flex;
        gap: var(--gap-2);
        align-items: center;
        flex-wrap: wrap;
        justify-content: flex-end;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
      }
      button svg {
        width: 1.05rem;
        height: 1.05rem;
      }
    `,
  ];

  override render() {
    const locked = this.state === 'locked' || this.state === 'locking';
    if (this.asking && locked) return this.renderQuestion();
    const label = locked ? S.unlockOf(this.name) : S.lockOf(this.name);
    return html`
      <div>
        <button
          type="button"
          aria-label=${label}
          aria-busy=${this.pending}
          ?disabled=${this.disabled || this.pending}
          @click=${() => (locked ? this.question() : this.ask('locked'))}
        >
          ${icon(locked ? 'unlock' : 'lock')} ${locked ? S.unlock : S.lock}
        </button>
      </div>
    `;
  }

  private renderQuestion() {
    return html`
      <div role="group" aria-label=${S.unlockSure} @keydown=${this.escape}>
        <button type="button" class="plain" @click=${() => (this.asking = false)}>
          ${S.cancel}
        </button>
        <button type="button" class="main" @click=${() => this.ask('unlocked')}>
          ${S.unlockYes}
        </button>
      </div>
    `;
  }

  private question() {
    this.asking = true;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLButtonElement>('button.main')?.focus(),
    );
  }

  private readonly escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') this.asking = false;
  };

  private ask(state: string) {
    this.asking = false;
    this.dispatchEvent(new AskEvent({'lock.state': state}));
  }
}
