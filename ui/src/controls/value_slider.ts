import {LitElement, css, html} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {strings} from '../strings';

/** Long enough that a held arrow key sends one command, short enough to feel at once. */
const settle_ms = 180;

/** A number between two ends. Fires `set` once the hand is off it; follows `value` otherwise. What is
    not known has no thumb. */
@customElement('value-slider')
export class ValueSlider extends LitElement {
  @property() label = '';
  @property() name = '';
  @property({type: Number}) value: number | undefined;
  @property({type: Number}) min = 0;
  @property({type: Number}) max = 100;
  @property({type: Number}) step = 1;
  @property() kind: 'plain' | 'warmth' | 'hue' | 'saturation' = 'plain';
  @property({attribute: false}) text: (value: number) => string = String;
  @property({type: Boolean}) pending = false;
  @property({type: Boolean}) disabled = false;
  /** Of something that is off: the track shows what would be. */
  @property({type: Boolean}) idle = false;
  @property({type: Number}) hue = 0;

  @state() private held: number | undefined;
  private timer = 0;

  static override styles = [
    baseStyles,
    css`
      .line {
        display: flex;
        justify-content: space-between;
        gap: var(--gap-2);
        font-size: var(--text-s);
        color: var(--soft);
      }
      output {
        color: var(--ink);
        font-weight: 550;
      }
      .pending output::after {
        content: ' …';
      }
      input {
        -webkit-appearance: none;
        appearance: none;
        display: block;
        width: 100%;
        height: 1.6rem;
        margin: 0;
        background: none;
        cursor: pointer;
        --track: linear-gradient(
          to right,
          var(--fill, var(--glow)) var(--part, 0%),
          var(--sunken) var(--part, 0%)
        );
      }
      input:disabled {
        cursor: default;
        opacity: 0.55;
      }
      .idle {
        --fill: color-mix(in srgb, var(--edge) 60%, var(--sunken));
      }
      .warmth {
        --track: linear-gradient(to right, #ff9d3f, #ffe2bd 45%, #fff 62%, #cfe0ff);
      }
      .hue {
        --track: linear-gradient(
          to right,
          hsl(0 85% 58%),
          hsl(60 85% 58%),
          hsl(120 85% 48%),
          hsl(180 85% 48%),
          hsl(240 85% 64%),
          hsl(300 85% 60%),
          hsl(360 85% 58%)
        );
      }
      .saturation {
        --track: linear-gradient(to right, #fff, hsl(var(--hue, 30) 90% 55%));
      }
      input::-webkit-slider-runnable-track {
        height: 0.5rem;
        border-radius: 99px;
        background: var(--track);
        box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--edge) 45%, transparent);
      }
      input::-moz-range-track {
        height: 0.5rem;
        border-radius: 99px;
        background: var(--track);
        box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--edge) 45%, transparent);
      }
      input::-webkit-slider-thumb {
        -webkit-appearance: none;
        width: 1.25rem;
        height: 1.25rem;
        margin-top: -0.375rem;
        border-radius: 50%;
        background: #fff;
        border: 1.5px solid #6d6558;
        box-shadow: 0 1px 3px rgb(0 0 0 / 22%);
      }
      input::-moz-range-thumb {
        width: 1.1rem;
        height: 1.1rem;
        border-radius: 50%;
        background: #fff;
        border: 1.5px solid #6d6558;
      }
      .pending input::-webkit-slider-thumb {
        border-style: dashed;
      }
      .unknown::-webkit-slider-thumb {
        visibility: hidden;
      }
      .unknown::-moz-range-thumb {
        visibility: hidden;
      }
      /* Where the system paints, its colours draw the track, and how far it is filled. */
      @media (forced-colors: active) {
        input {
          forced-color-adjust: none;
          --track: linear-gradient(to right, Highlight var(--part, 0%), Canvas var(--part, 0%));
        }
        input:disabled {
          opacity: 1;
          --track: linear-gradient(to right, GrayText var(--part, 0%), Canvas var(--part, 0%));
        }
        input::-webkit-slider-runnable-track {
          box-shadow: inset 0 0 0 1px CanvasText;
        }
        input::-moz-range-track {
          box-shadow: inset 0 0 0 1px CanvasText;
        }
        input::-webkit-slider-thumb {
          background: ButtonFace;
          border: 2px solid ButtonText;
        }
        input::-moz-range-thumb {
          background: ButtonFace;
          border: 2px solid ButtonText;
        }
      }
      input:focus-visible {
        outline-offset: 0;
      }
    `,
  ];

  override render() {
    const known = this.held ?? this.value;
    const value = known ?? this.min;
    const part = ((value - this.min) / Math.max(this.max - this.min, 1e-9)) * 100;
    const text = known === undefined ? strings.device.unknownValue : this.text(known);
    return html`
      <div class=${this.pending ? 'pending' : ''}>
        <div class="line">
          <span aria-hidden="true">${this.label}</span>
          <output aria-hidden="true">${text}</output>
        </div>
        <input
          type="range"
          class="${this.kind} ${this.idle ? 'idle' : ''} ${known === undefined ? 'unknown' : ''}"
          aria-label=${this.name || this.label}
          aria-valuetext=${known === undefined ? strings.device.notKnown : text}
          min=${this.min}
          max=${this.max}
          step=${this.step}
          .value=${String(value)}
          .style=${`--part: ${part}%; --hue: ${this.hue}`}
          ?disabled=${this.disabled}
          @input=${this.move}
          @change=${this.settle}
        />
      </div>
    `;
  }

  private move(event: Event) {
    window.clearTimeout(this.timer);
    this.held = Number((event.target as HTMLInputElement).value);
  }

  private settle(event: Event) {
    const wanted = Number((event.target as HTMLInputElement).value);
    this.held = wanted;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.held = undefined;
      this.dispatchEvent(new CustomEvent('set', {detail: wanted}));
    }, settle_ms);
  }
}
