import {LitElement, css, html} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {strings} from '../strings';

/** "Unlock Front door?" before it is done: it says what would be, and yes is said to just that. It takes
    the place of the control that was used, and the keyboard is on its yes. Escape is no. */
@customElement('sure-question')
export class SureQuestion extends LitElement {
  @property() text = '';
  @property() yes = '';

  static override styles = [
    baseStyles,
    css`
      section {
        display: grid;
        gap: var(--gap-2);
        justify-items: end;
      }
      p {
        font-weight: 600;
        text-align: end;
        overflow-wrap: anywhere;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-2);
        justify-content: flex-end;
      }
    `,
  ];

  override render() {
    return html`
      <section role="group" aria-label=${this.text} @keydown=${this.escape}>
        <p>${this.text}</p>
        <div>
          <button type="button" class="plain" @click=${() => this.answer(false)}>
            ${strings.device.cancel}
          </button>
          <button type="button" class="main" @click=${() => this.answer(true)}>${this.yes}</button>
        </div>
      </section>
    `;
  }

  override firstUpdated() {
    this.renderRoot.querySelector<HTMLButtonElement>('button.main')?.focus();
  }

  private readonly escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') this.answer(false);
  };

  private answer(yes: boolean) {
    this.dispatchEvent(new CustomEvent('answer', {detail: yes}));
  }
}
