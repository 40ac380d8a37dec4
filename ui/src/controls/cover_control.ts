import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import './sure_question';
import './value_slider';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {strings} from '../strings';
import type {Json} from '../types';
import {AskEvent, type Asks} from './ask';

const S = strings.device;

/** Open, stop, close; and how far, where the cover knows it. 100 % is fully open. What lets somebody in,
    as a garage door, is asked about before it opens; and what one may not ask for is not offered. */
@customElement('cover-control')
export class CoverControl extends LitElement {
  @property() name = '';
  @property({type: Number}) position: number | undefined;
  @property({type: Boolean}) slides = true;
  @property({type: Boolean}) moves = true;
  @property({type: Boolean}) pending = false;
  @property({type: Boolean}) disabled = false;
  @property({attribute: false}) asks: Asks = () => true;
  @property({attribute: false}) allows: Asks = () => true;

  /** What a yes would do. */
  @state() private wish: Record<string, Json> | null = null;

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
    if (this.wish && !this.disabled) return this.renderQuestion(this.wish);
    const isWhole = this.allows('cover.position', 100) && this.allows('cover.position', 0);
    return html`
      <div class="all">
        ${
          this.slides && isWhole
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
    const [path, value]: [string, number | string] =
      this.slides && position !== null ? ['cover.position', position] : ['cover.motion', motion];
    if (!this.allows(path, value)) return nothing;
    return html`
      <button
        type="button"
        class="icon"
        aria-label=${`${label}: ${this.name}`}
        title=${label}
        ?disabled=${this.disabled}
        @click=${() => this.ask(path, value)}
      >
        ${icon(drawing)}
      </button>
    `;
  }

  private renderQuestion(wish: Record<string, Json>) {
    return html`
      <sure-question
        text=${S.openSure(this.name)}
        yes=${S.openYes}
        @answer=${(event: CustomEvent<boolean>) => {
          this.wish = null;
          if (event.detail) this.dispatchEvent(new AskEvent(wish));
        }}
      ></sure-question>
    `;
  }

  private ask(path: string, value: number | string) {
    const wish = {[path]: value};
    if (this.asks(path, value)) this.wish = wish;
    else this.dispatchEvent(new AskEvent(wish));
  }
}
