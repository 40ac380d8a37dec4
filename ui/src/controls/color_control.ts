import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import './value_slider';
import {baseStyles} from '../base_styles';
import type {DeviceView} from '../state';
import {strings} from '../strings';
import type {DeviceDetails} from '../types';
import {isSettable, shown, specOf} from '../device_shape';
import {labelOf, valueText} from '../words/values';
import {AskEvent} from './ask';

const S = strings.device;

/** White (how warm) or a colour (hue and saturation), as the lamp can do it. */
@customElement('color-control')
export class ColorControl extends LitElement {
  @property({attribute: false}) device!: DeviceView;
  @property({attribute: false}) details: DeviceDetails | undefined;

  @state() private chosen: 'white' | 'colour' | undefined;

  static override styles = [
    baseStyles,
    css`
      .kinds {
        display: inline-flex;
        padding: 2px;
        border-radius: var(--radius-s);
        background: var(--sunken);
        margin-bottom: var(--gap-2);
      }
      .kinds button {
        min-height: 1.75rem;
        padding: 0 0.75rem;
        font-size: var(--text-s);
        border: 0;
        background: none;
        color: var(--soft);
        border-radius: 6px;
      }
      .kinds [aria-pressed='true'] {
        background: var(--surface);
        color: var(--ink);
        box-shadow: var(--shadow);
      }
      .sliders {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
        gap: var(--gap-1) var(--gap-4);
      }
    `,
  ];

  override render() {
    const can = (path: string) => isSettable(this.device, this.details, path);
    const white = can('color.kelvin');
    const colour = can('color.hue');
    if (!white && !colour) return nothing;
    const mode = shown(this.device, 'color.mode');
    const kind = this.chosen ?? (white && (mode === 'temperature' || !colour) ? 'white' : 'colour');
    return html`
      ${white && colour ? this.renderKinds(kind) : nothing}
      <div class="sliders">
        ${
          kind === 'white'
            ? this.slider('color.kelvin', 'warmth', 2000, 6500, 50)
            : html`
                ${this.slider('color.hue', 'hue', 0, 360)}
                ${can('color.saturation') ? this.slider('color.saturation', 'saturation', 0, 100) : nothing}
              `
        }
      </div>
    `;
  }

  private renderKinds(kind: string) {
    const button = (which: 'white' | 'colour', text: string) => html`
      <button type="button" aria-pressed=${kind === which} @click=${() => (this.chosen = which)}>
        ${text}
      </button>
    `;
    return html`
      <div class="kinds" role="group" aria-label=${`${S.lightColour}: ${this.device.name}`}>
        ${button('white', S.white)}${button('colour', S.colour)}
      </div>
    `;
  }

  private slider(path: string, kind: string, min: number, max: number, step = 1) {
    const spec = specOf(this.details, path);
    const value = shown(this.device, path);
    return html`
      <value-slider
        label=${labelOf(path)}
        name=${`${labelOf(path)}: ${this.device.name}`}
        kind=${kind}
        .value=${typeof value === 'number' ? value : undefined}
        .hue=${Number(shown(this.device, 'color.hue') ?? 30)}
        min=${spec?.min ?? min}
        max=${spec?.max ?? max}
        step=${step}
        .text=${(number: number) => valueText(path, number)}
        ?pending=${path in this.device.open}
        ?disabled=${!this.device.usable}
        @set=${(event: CustomEvent<number>) => this.ask(path, event.detail)}
      ></value-slider>
    `;
  }

  /** A colour is asked for as a whole: a hue without its saturation may show nothing. */
  private ask(path: string, value: number) {
    if (path === 'color.kelvin') return void this.dispatchEvent(new AskEvent({[path]: value}));
    const hue = path === 'color.hue' ? value : Number(shown(this.device, 'color.hue') ?? 0);
    const saturation =
      path === 'color.saturation'
        ? value
        : Number(shown(this.device, 'color.saturation') ?? 100) || 100;
    this.dispatchEvent(new AskEvent({'color.hue': hue, 'color.saturation': saturation}));
  }
}
