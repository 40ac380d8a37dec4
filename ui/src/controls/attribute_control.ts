import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import './sure_question';
import './toggle_switch';
import './value_slider';
import {baseStyles} from '../base_styles';
import {asSwitch, asksFirst, mayAsk, shown, specOf} from '../device_shape';
import {choiceOf} from '../parts/choice';
import type {DeviceView} from '../state';
import {strings} from '../strings';
import type {AttributeSpec, DeviceDetails, Json} from '../types';
import {labelOf, valueText} from '../words/values';
import {AskEvent} from './ask';

/** Any attribute that can be set, by its type alone: for devices that no other control knows. Values that
    the person may not ask for are not offered. */
@customElement('attribute-control')
export class AttributeControl extends LitElement {
  @property({attribute: false}) device!: DeviceView;
  @property({attribute: false}) details: DeviceDetails | undefined;
  @property() path = '';
  /** What is asked about: what a yes would set. */
  @state() private wish: Json | undefined;

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
    const label = labelOf(this.path, this.device.labels);
    if (this.wish !== undefined && this.device.usable)
      return this.line(label, this.renderQuestion(this.wish));
    if (spec.type === 'enum') return this.line(label, this.renderChoice(label, spec.options ?? []));
    if (!this.mayAny(spec))
      return this.line(label, valueText(this.path, shown(this.device, this.path), spec));
    if (spec.command) return this.line(label, this.renderButton(label));
    if (spec.type === 'boolean') return this.line(label, this.renderSwitch(label));
    if (spec.type === 'text') return this.line(label, this.renderText(label));
    return this.renderNumber(label);
  }

  private may(value: Json): boolean {
    return mayAsk(this.device, this.details, this.path, value);
  }

  /** Whether a control of no single values would ask for nothing but what may be asked for. */
  private mayAny(spec: AttributeSpec): boolean {
    if (spec.type === 'boolean')
      return this.may(true) && (Boolean(spec.command) || this.may(false));
    if (spec.type === 'text') return this.may('');
    return this.may(spec.min ?? 0) && this.may(spec.max ?? 100);
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
    return `${labelOf(this.path, this.device.labels)}: ${this.device.name}`;
  }

  private renderButton(label: string) {
    return html`
      <button
        type="button"
        aria-label=${`${label}: ${this.device.name}`}
        ?disabled=${!this.device.usable}
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
        .on=${asSwitch(shown(this.device, this.path))}
        ?pending=${this.path in this.device.open}
        ?disabled=${!this.device.usable}
        @toggle=${(event: CustomEvent<boolean>) => this.ask(event.detail)}
      ></toggle-switch>
    `;
  }

  private renderChoice(_label: string, options: string[]) {
    const value = shown(this.device, this.path);
    const offered = options.filter((option) => option === value || this.may(option));
    return choiceOf(
      this.name,
      offered.map((option) => [option, valueText(this.path, option)]),
      typeof value === 'string' ? value : undefined,
      !this.device.usable,
      (option) => this.ask(option),
    );
  }

  private renderText(_label: string) {
    return html`
      <input
        aria-label=${this.name}
        ?disabled=${!this.device.usable}
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
        ?disabled=${!this.device.usable}
        @set=${(event: CustomEvent<number>) => this.ask(event.detail)}
      ></value-slider>
    `;
  }

  private renderQuestion(wish: Json) {
    return html`
      <sure-question
        text=${strings.device.setSure(this.device.name, valueText(this.path, wish))}
        yes=${strings.device.setYes}
        @answer=${(event: CustomEvent<boolean>) => {
          this.wish = undefined;
          if (event.detail) this.dispatchEvent(new AskEvent({[this.path]: wish}));
        }}
      ></sure-question>
    `;
  }

  private ask(value: Json) {
    if (asksFirst(this.details, this.path, value)) this.wish = value;
    else this.dispatchEvent(new AskEvent({[this.path]: value}));
  }
}
