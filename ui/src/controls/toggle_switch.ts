import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {strings} from '../strings';

/** On, off, or not known, which is neither. Fires `toggle` with the wanted value; what it shows is
    what it is given. */
@customElement('toggle-switch')
export class ToggleSwitch extends LitElement {
  @property({attribute: false}) on: boolean | undefined;
  @property({type: Boolean}) pending = false;
  @property({type: Boolean}) disabled = false;
  @property() label = '';

  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-block;
      }
      button {
        position: relative;
        width: 3.1rem;
        height: 1.85rem;
        min-height: 0;
        padding: 0;
        border-radius: 99px;
        background: var(--sunken);
        border: 1.5px solid var(--edge);
      }
      button::before {
        content: '';
        position: absolute;
        inset: -0.5rem -0.25rem; /* a thumb's size */
      }
      .knob {
        position: absolute;
        top: 50%;
        left: 0.2rem;
        width: 1.15rem;
        height: 1.15rem;
        border-radius: 50%;
        background: var(--edge);
        translate: 0 -50%;
        transition:
          left var(--quick),
          background var(--quick);
      }
      [aria-checked='true'] {
        background: var(--glow);
        border-color: var(--glow);
      }
      [aria-checked='true'] .knob {
        left: calc(100% - 1.35rem);
        background: #fff;
      }
      [aria-checked='mixed'] {
        border-style: dashed;
      }
      [aria-checked='mixed'] .knob {
        left: calc(50% - 0.55rem);
        width: 1.1rem;
        height: 0.2rem;
        border-radius: 2px;
      }
      .pending .knob {
        background: none;
        border: 2px dashed var(--ink);
        animation: turn 1.6s linear infinite;
      }
      :focus-visible {
        border-radius: 99px;
      }
      /* Where the system paints, only borders and its own colours are left. */
      @media (forced-colors: active) {
        .knob {
          forced-color-adjust: none;
          background: ButtonText;
        }
        [aria-checked='true'] {
          forced-color-adjust: none;
          background: Highlight;
          border-color: Highlight;
        }
        [aria-checked='true'] .knob {
          background: HighlightText;
        }
        button:disabled {
          border-color: GrayText;
          opacity: 1;
        }
        button:disabled .knob {
          background: GrayText;
        }
        .pending .knob {
          border-color: ButtonText;
        }
      }
      @keyframes turn {
        to {
          rotate: 1turn;
        }
      }
    `,
  ];

  override render() {
    return html`
      <button
        type="button"
        role="switch"
        class=${this.pending ? 'pending' : ''}
        aria-checked=${this.on ?? 'mixed'}
        aria-label=${this.label}
        aria-describedby=${this.on === undefined ? 'unknown' : nothing}
        aria-busy=${this.pending}
        ?disabled=${this.disabled}
        @click=${this.toggle}
      >
        <span class="knob"></span>
      </button>
      <span id="unknown" class="unseen">
        ${this.on === undefined ? strings.device.notKnown : nothing}
      </span>
    `;
  }

  private toggle() {
    this.dispatchEvent(new CustomEvent('toggle', {detail: !this.on}));
  }
}
