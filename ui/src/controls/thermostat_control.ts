import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {isSettable, shown, specOf} from '../device_shape';
import {icon} from '../icons';
import {choiceOf} from '../parts/choice';
import type {DeviceView} from '../state';
import {strings} from '../strings';
import type {DeviceDetails} from '../types';
import {degrees, labelOf, valueText} from '../words/values';
import {AskEvent} from './ask';

const step_c = 0.5;
/** Where the steps begin while it is not known what is wanted now. */
const first_target_c = 20;

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
        ${this.renderTarget(typeof target === 'number' ? target : undefined)} ${this.renderMode()}
      </div>
    `;
  }

  private renderTarget(target: number | undefined) {
    const spec = specOf(this.details, 'thermostat.target');
    const min = spec?.min ?? 5;
    const max = spec?.max ?? 35;
    const first = Math.min(Math.max(first_target_c, min), max);
    const down = target === undefined ? first : target - step_c;
    const up = target === undefined ? first : target + step_c;
    const name = `${labelOf('thermostat.target')}: ${this.device.name}`;
    const button = (drawing: string, sign: string, wanted: number, allowed: boolean) => html`
      <button
        type="button"
        class="icon"
        aria-label=${`${name} ${sign} ${degrees(step_c)}`}
        ?disabled=${!allowed || !this.device.usable}
        @click=${() => this.dispatchEvent(new AskEvent({'thermostat.target': wanted}))}
      >
        ${icon(drawing)}
      </button>
    `;
    return html`
      <div class="target" role="group" aria-label=${name}>
        ${button('minus', '−', down, down >= min)}
        <output>${target === undefined ? strings.device.unknownValue : degrees(target)}</output>
        ${button('plus', '+', up, up <= max)}
      </div>
    `;
  }

  private renderMode() {
    const path = 'thermostat.mode';
    const options = specOf(this.details, path)?.options;
    if (!options || !isSettable(this.device, this.details, path)) return nothing;
    const mode = shown(this.device, path);
    return choiceOf(
      `${labelOf(path)}: ${this.device.name}`,
      options.map((option) => [option, valueText(path, option)]),
      typeof mode === 'string' ? mode : undefined,
      !this.device.usable,
      (option) => this.dispatchEvent(new AskEvent({[path]: option})),
    );
  }
}
