import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import './value_slider';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {strings} from '../strings';
import {AskEvent} from './ask';

const S = strings.device;

/** Open, stop, close; and how far, where the cover knows it. 100 % is fully open. */
@customElement('cover-control')
export class CoverControl extends LitElement {
  @property() name = '';
  @property({type: Number}) position: number | undefined;
  @property({type: Boolean}) slides = true;
  @property({type: Boolean}) moves = true;
  @property({type: Boolean}) pending = false;
  @property({type: Boolean}) disabled = false;

  static override styles = [
    baseStyles,
    css`
      .all {
        display: flex;
        gap: var(--gap-3);
        align-items: end;
      }
      value-slider {
        flex: 1;
      }
      .buttons {
        display: flex;
      }
      button {
        border-radius: 0;
        margin-left: -1px;
      }
      button:first-child {
        border-radius: var(--radius-s) 0 0 var(--radius-s);
      }
      button:last-child {
        border-radius: 0 var(--radius-s) var(--radius-s) 0;
      }
      button:focus-visible {
        z-index: 1;
      }
    `,
  ];

  override render() {
    return html`
      <div class="all">
        ${
          this.slides
            ? html`
                <value-slider
                  label=${S.open}
                  name=${`${S.open}: ${this.name}`}
                  .value=${this.position}
                  .text=${(value: number) => `${Math.round(value)} %`}
                  ?pending=${this.pending}
                  ?disabled=${this.disabled}
                  @set=${(event: CustomEvent<number>) => this.ask('cover.position', event.detail)}
                ></value-slider>
              `
            : nothing
        }
        <div class="buttons" role="group" aria-label=${this.name}>
          ${this.button('up', S.open, 100, 'opening')}
          ${this.moves ? this.button('stop', S.stop, null, 'stopped') : nothing}
          ${this.button('down', S.close, 0, 'closing')}
        </div>
      </div>
    `;
  }

  private button(drawing: string, label: string, position: number | null, motion: string) {
    const ask = () =>
      this.slides && position !== null
        ? this.ask('cover.position', position)
        : this.ask('cover.motion', motion);
    return html`
      <button
        type="button"
        class="icon"
        aria-label=${`${label}: ${this.name}`}
        title=${label}
        ?disabled=${this.disabled}
        @click=${ask}
      >
        ${icon(drawing)}
      </button>
    `;
  }

  private ask(path: string, value: number | string) {
    this.dispatchEvent(new AskEvent({[path]: value}));
  }
}
