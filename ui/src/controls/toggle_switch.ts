import {LitElement, css, html} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';

/** On or off. Fires `toggle` with the wanted value; what it shows is what it is given. */
@customElement('toggle-switch')
export class ToggleSwitch extends LitElement {
  @property({type: Boolean}) on = false;
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
      .pending .knob {
        background: none;
        border: 2px dashed var(--ink);
        animation: turn 1.6s linear infinite;
      }
      :focus-visible {
        border-radius: 99px;
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
        aria-checked=${this.on}
        aria-label=${this.label}
        aria-busy=${this.pending}
        ?disabled=${this.disabled}
        @click=${this.toggle}
      >
        <span class="knob"></span>
      </button>
    `;
  }

  private toggle() {
    this.dispatchEvent(new CustomEvent('toggle', {detail: !this.on}));
  }
}
