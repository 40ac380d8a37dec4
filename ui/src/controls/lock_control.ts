import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {strings} from '../strings';
import './sure_question';
import {AskEvent, type Asks} from './ask';

const S = strings.device;

/** Locks at once; what is asked about first, as unlocking, is done only once it was said twice, and the
    question says which door. Where it is not known how the door stands, both are offered; what one may not
    do never is. */
@customElement('lock-control')
export class LockControl extends LitElement {
  @property() state = '';
  @property() name = '';
  @property({type: Boolean}) pending = false;
  @property({type: Boolean}) disabled = false;
  @property({attribute: false}) asks: Asks = () => true;
  @property({attribute: false}) allows: Asks = () => true;

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
    const isLocked = this.state === 'locked' || this.state === 'locking';
    const isOpen = this.state === 'unlocked' || this.state === 'unlocking';
    const mayLock = !isLocked && this.allows('lock.state', 'locked');
    const mayUnlock = !isOpen && this.allows('lock.state', 'unlocked');
    if (this.asking && mayUnlock && !this.disabled) return this.renderQuestion();
    return html`
      <div>
        ${mayLock ? this.renderButton('lock', S.lock, S.lockOf(this.name), () => this.ask('locked')) : nothing}
        ${mayUnlock ? this.renderButton('unlock', S.unlock, S.unlockOf(this.name), () => this.unlock()) : nothing}
      </div>
    `;
  }

  private renderButton(drawing: string, text: string, label: string, then: () => void) {
    return html`
      <button
        type="button"
        aria-label=${label}
        aria-busy=${this.pending}
        ?disabled=${this.disabled || this.pending}
        @click=${then}
      >
        ${icon(drawing)} ${text}
      </button>
    `;
  }

  private renderQuestion() {
    return html`
      <sure-question
        text=${S.unlockSure(this.name)}
        yes=${S.unlockYes}
        @answer=${(event: CustomEvent<boolean>) => this.answer(event.detail)}
      ></sure-question>
    `;
  }

  private unlock() {
    if (!this.asks('lock.state', 'unlocked')) return this.ask('unlocked');
    this.asking = true;
    this.tell();
  }

  private answer(yes: boolean) {
    this.asking = false;
    this.tell();
    if (yes) this.ask('unlocked');
    else
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLButtonElement>('button:last-of-type')?.focus(),
      );
  }

  /** Its row makes room for the question, which must stand whole. */
  private tell() {
    this.dispatchEvent(new CustomEvent('asking', {detail: this.asking}));
  }

  private ask(state: string) {
    this.dispatchEvent(new AskEvent({'lock.state': state}));
  }
}
