import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import './toggle_switch';
import './value_slider';
import {baseStyles} from '../base_styles';
import {shown, specOf} from '../device_shape';
import type {DeviceView} from '../state';
import {strings} from '../strings';
import type {DeviceDetails, Json} from '../types';
import {labelOf, valueText} from '../words/values';
import {AskEvent} from './ask';

/** Any attribute that can be set, by its type alone: for devices that no other control knows. */
@customElement('attribute-control')
export class AttributeControl extends LitElement {
  @property({attribute: false}) device!: DeviceView;
  @property({attribute: false}) details: DeviceDetails | undefined;
  @property() path = '';

  static override styles = [
    baseStyles,
    css`
      .line {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--gap-3);
        min-height: 2.4rem;
      }
      .line > span {
        color: var(--soft);
        font-size: var(--text-s);
      }
      .line select,
      .line input {
        width: 55%;
      }
    `,
  ];

  override render() {
    const spec = specOf(this.details, this.path);
    if (!spec) return nothing;
    const label = labelOf(this.path);
    if (spec.command) return this.line(label, this.renderButton(label));
    if (spec.type === 'boolean') return this.line(label, this.renderSwitch(label));
    if (spec.type === 'enum') return this.line(label, this.renderChoice(label, spec.options ?? []));
    if (spec.type === 'text') return this.line(label, this.renderText(label));
    return this.renderNumber(label);
  }

  private line(label: string, control: unknown) {
    return html`
      <div class="line">
        <span>${label}</span>
        ${control}
      </div>
    `;
  }

  private get name() {
    return `${labelOf(this.path)}: ${this.device.name}`;
  }

  private renderButton(label: string) {
    return html`
      <button
        type="button"
        aria-label=${`${label}: ${this.device.name}`}
        ?disabled=${!this.device.online}
        @click=${() => this.ask(true)}
      >
        ${strings.device.run}
      </button>
    `;
  }

  private renderSwitch(_label: string) {
    return html`
      <toggle-switch
        label=${this.name}
        ?on=${shown(this.device, this.path) === true}
        ?pending=${this.path in this.device.open}
        ?disabled=${!this.device.online}
        @toggle=${(event: CustomEvent<boolean>) => this.ask(event.detail)}
      ></toggle-switch>
    `;
  }

  private renderChoice(_label: string, options: string[]) {
    const value = shown(this.device, this.path);
    return html`
      <select
        aria-label=${this.name}
        ?disabled=${!this.device.online}
        @change=${(event: Event) => this.ask((event.target as HTMLSelectElement).value)}
      >
        ${options.map(
          (option) => html`
            <option value=${option} .selected=${option === value}>
              ${valueText(this.path, option)}
            </option>
          `,
        )}
      </select>
    `;
  }

  private renderText(_label: string) {
    return html`
      <input
        aria-label=${this.name}
        ?disabled=${!this.device.online}
        .value=${String(shown(this.device, this.path) ?? '')}
        @change=${(event: Event) => this.ask((event.target as HTMLInputElement).value)}
      />
    `;
  }

  private renderNumber(label: string) {
    const spec = specOf(this.details, this.path);
    const value = shown(this.device, this.path);
    return html`
      <value-slider
        label=${label}
        name=${this.name}
        .value=${typeof value === 'number' ? value : undefined}
        min=${spec?.min ?? 0}
        max=${spec?.max ?? 100}
        step=${spec?.type === 'integer' || (spec?.max ?? 100) - (spec?.min ?? 0) > 20 ? 1 : 0.01}
        .text=${(number: number) => valueText(this.path, number, spec)}
        ?pending=${this.path in this.device.open}
        ?disabled=${!this.device.online}
        @set=${(event: CustomEvent<number>) => this.ask(event.detail)}
      ></value-slider>
    `;
  }

  private ask(value: Json) {
    this.dispatchEvent(new AskEvent({[this.path]: value}));
  }
}
