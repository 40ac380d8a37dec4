import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {isSettable, shown, specOf} from '../device_shape';
import {icon} from '../icons';
import type {DeviceView} from '../state';
import type {DeviceDetails} from '../types';
import {degrees, labelOf, valueText} from '../words/values';
import {AskEvent} from './ask';

const step_c = 0.5;

/** The wanted temperature in steps, and the mode. */
@customElement('thermostat-control')
export class ThermostatControl extends LitElement {
  @property({attribute: false}) device!: DeviceView;
  @property({attribute: false}) details: DeviceDetails | undefined;

  static override styles = [
    baseStyles,
    css`
      .all {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-2) var(--gap-4);
        align-items: center;
        justify-content: space-between;
      }
      .target {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
      }
      output {
        min-width: 4.5rem;
        text-align: center;
        font-size: var(--text-l);
        font-weight: 620;
      }
      select {
        width: auto;
      }
    `,
  ];

  override render() {
    const target = shown(this.device, 'thermostat.target');
    return html`
      <div class="all">
        ${typeof target === 'number' ? this.renderTarget(target) : nothing} ${this.renderMode()}
      </div>
    `;
  }

  private renderTarget(target: number) {
    const spec = specOf(this.details, 'thermostat.target');
    const name = `${labelOf('thermostat.target')}: ${this.device.name}`;
    const button = (drawing: string, sign: string, wanted: number, allowed: boolean) => html`
      <button
        type="button"
        class="icon"
        aria-label=${`${name} ${sign} ${degrees(step_c)}`}
        ?disabled=${!allowed || !this.device.online}
        @click=${() => this.dispatchEvent(new AskEvent({'thermostat.target': wanted}))}
      >
        ${icon(drawing)}
      </button>
    `;
    return html`
      <div class="target" role="group" aria-label=${name}>
        ${button('minus', '−', target - step_c, target - step_c >= (spec?.min ?? 5))}
        <output>${degrees(target)}</output>
        ${button('plus', '+', target + step_c, target + step_c <= (spec?.max ?? 35))}
      </div>
    `;
  }

  private renderMode() {
    const path = 'thermostat.mode';
    const options = specOf(this.details, path)?.options;
    if (!options || !isSettable(this.device, this.details, path)) return nothing;
    const mode = shown(this.device, path);
    return html`
      <select
        aria-label=${`${labelOf(path)}: ${this.device.name}`}
        ?disabled=${!this.device.online}
        @change=${(event: Event) =>
          this.dispatchEvent(new AskEvent({[path]: (event.target as HTMLSelectElement).value}))}
      >
        ${options.map(
          (option) => html`
            <option value=${option} .selected=${option === mode}>${valueText(path, option)}</option>
          `,
        )}
      </select>
    `;
  }
}
