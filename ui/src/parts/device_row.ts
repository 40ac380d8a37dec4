import {LitElement, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import '../controls/color_control';
import '../controls/cover_control';
import '../controls/lock_control';
import '../controls/thermostat_control';
import '../controls/toggle_switch';
import '../controls/value_slider';
import './device_edit';
import {baseStyles} from '../base_styles';
import {iconOf, isActive, isAlarm, isSettable, pathsLike, readingsOf, shown} from '../device_shape';
import {icon} from '../icons';
import {deviceRowStyles} from './device_row_styles';

import {links} from '../router';
import {store, type DeviceView} from '../state';
import {strings} from '../strings';
import {endpointOf, plainPath, read} from '../twin';
import type {DeviceDetails, Json} from '../types';
import {askedList, askedText, fromSnake, labelOf, valueText} from '../words/values';

const S = strings.device;
const low_battery_percent = 15;

/** One device in its room: what it is, how it is, and its most used controls. */
@customElement('device-row')
export class DeviceRow extends LitElement {
  @property({attribute: false}) device!: DeviceView;
  @property({attribute: false}) details: DeviceDetails | undefined;
  /** The unit of temperatures: a row renders again only when a property of it changes. */
  @property() degrees = '';
  @state() private editing = false;

  static override styles = [baseStyles, deviceRowStyles];

  override render() {
    const {device, details} = this;
    return html`
      <article
        class=${device.online ? '' : 'offline'}
        aria-label=${device.name}
        data-device=${device.id}
        @ask=${(event: CustomEvent<Record<string, Json>>) => store.ask(device.id, event.detail)}
      >
        ${this.editing ? this.renderEdit() : this.renderHead(details)}
        <div class="controls">${this.renderControls(details)}</div>
      </article>
    `;
  }

  private renderEdit() {
    return html`
      <device-edit
        .device=${this.device}
        @done=${() => {
          this.editing = false;
          void this.updateComplete.then(() =>
            this.renderRoot.querySelector<HTMLElement>('h3 button')?.focus(),
          );
        }}
      ></device-edit>
    `;
  }

  private renderHead(details: DeviceDetails | undefined) {
    const {device} = this;
    const glow = isAlarm(device) ? 'alarm' : device.online && isActive(device) ? 'active' : '';
    return html`
      <span class="drawing ${glow}">${icon(iconOf(device))}</span>
      <div>
        <h3>
          <a href=${links.device(device.id)}>${device.name}</a>
          <button
            type="button"
            class="plain icon"
            aria-label=${S.edit(device.name)}
            title=${S.edit(device.name)}
            @click=${() => (this.editing = true)}
          >
            ${icon('edit')}
          </button>
        </h3>
        <p class="state" data-part="state">${this.renderState(details)}</p>
      </div>
      <div class="aside">${this.renderAside(details)}</div>
    `;
  }

  private renderState(details: DeviceDetails | undefined) {
    const {device} = this;
    const open = Object.keys(device.open).length ? askedList(device.open) : '';
    const owing = Object.keys(device.owed).length ? askedList(device.owed) : '';
    const battery = read(device.reported, 'battery.percent');
    const low =
      read(device.reported, 'battery.low') === true ||
      (typeof battery === 'number' && battery <= low_battery_percent);
    return html`
      <span>${this.stateTexts(details).join(' · ') || S.unknown}</span>
      ${device.online ? nothing : badge('bad', 'offline', S.offline, S.offlineText)}
      ${open ? badge('wait', 'wait', S.waiting, S.waitingFor(open)) : nothing}
      ${!open && owing ? badge('warn', 'warn', S.owed, S.owedText(owing)) : nothing}
      ${low ? badge('warn', 'battery', valueText('battery.percent', battery ?? 0), labelOf('battery.percent')) : nothing}
    `;
  }

  /** What stands under the name; the first reading of a sensor stands large at the side instead. */
  private stateTexts(details: DeviceDetails | undefined): string[] {
    const {device} = this;
    const say = (path: string) => valueText(path, read(device.reported, path));
    const has = (path: string) => read(device.reported, path) !== undefined;
    const gangs = pathsLike(device, details, 'on_off.on').filter(endpointOf);
    const texts = [...gangs.map((path) => askedText(path, read(device.reported, path) ?? null))];
    const states = ['on_off.on', 'lock.state', 'media.state', 'media.title', 'thermostat.action']
      .filter(has)
      .map(say);
    texts.push(...states);
    const moving = ['opening', 'closing'].includes(String(read(device.reported, 'cover.motion')));
    if (moving) texts.push(say('cover.motion'));
    else if (has('cover.position')) texts.push(say('cover.position'));
    const readings = readingsOf(device).filter((path) => !texts.includes(say(path)));
    const first = this.hasSideControl(details) ? 0 : 1;
    return [...texts, ...readings.slice(first, first + 3).map(say)];
  }

  private hasSideControl(details: DeviceDetails | undefined): boolean {
    const {device} = this;
    return this.switches(details).length > 0 || isSettable(device, details, 'lock.state');
  }

  private switches(details: DeviceDetails | undefined): string[] {
    return pathsLike(this.device, details, 'on_off.on').filter((path) =>
      isSettable(this.device, details, path),
    );
  }

  private renderAside(details: DeviceDetails | undefined) {
    const {device} = this;
    const switches = this.switches(details);
    if (isSettable(device, details, 'lock.state')) {
      return html`
        <lock-control
          .state=${String(read(device.reported, 'lock.state') ?? '')}
          name=${device.name}
          ?pending=${'lock.state' in device.open}
          ?disabled=${!device.online}
        ></lock-control>
      `;
    }
    if (switches.length > 1) {
      return html`
        <div class="gangs">
          ${switches.map(
            (path) => html`
              <label>
                ${fromSnake(endpointOf(path)) || labelOf(path)} ${this.renderSwitch(path)}
              </label>
            `,
          )}
        </div>
      `;
    }
    if (switches[0]) return this.renderSwitch(switches[0]);
    const first = readingsOf(device)[0];
    return first
      ? html`
          <span class="big" title=${labelOf(first)}>
            ${valueText(first, read(device.reported, first))}
          </span>
        `
      : nothing;
  }

  private renderSwitch(path: string) {
    const {device} = this;
    const endpoint = endpointOf(path);
    return html`
      <toggle-switch
        label=${endpoint ? `${device.name}: ${endpoint}` : device.name}
        ?on=${shown(device, path) === true}
        ?pending=${path in device.open}
        ?disabled=${!device.online}
        @toggle=${(event: CustomEvent<boolean>) => store.ask(device.id, {[path]: event.detail})}
      ></toggle-switch>
    `;
  }

  private renderControls(details: DeviceDetails | undefined) {
    const {device} = this;
    const can = (path: string) => isSettable(device, details, path);
    const lit = shown(device, 'on_off.on') !== false;
    return [
      can('level.percent') ? this.slider('level.percent') : nothing,
      lit && 'color' in device.reported
        ? html`
            <color-control .device=${device} .details=${details}></color-control>
          `
        : nothing,
      can('cover.position') || can('cover.motion') ? this.renderCover(can) : nothing,
      can('thermostat.target')
        ? html`
            <thermostat-control .device=${device} .details=${details}></thermostat-control>
          `
        : nothing,
      can('fan.speed') ? this.slider('fan.speed') : nothing,
      can('media.volume') ? this.slider('media.volume') : nothing,
    ];
  }

  private renderCover(can: (path: string) => boolean) {
    const {device} = this;
    const position = shown(device, 'cover.position');
    return html`
      <cover-control
        name=${device.name}
        .position=${typeof position === 'number' ? position : undefined}
        .slides=${can('cover.position')}
        .moves=${can('cover.motion')}
        ?pending=${'cover.position' in device.open}
        ?disabled=${!device.online}
      ></cover-control>
    `;
  }

  private slider(path: string) {
    const {device} = this;
    const value = shown(device, path);
    return html`
      <value-slider
        label=${labelOf(path)}
        name=${`${labelOf(path)}: ${device.name}`}
        .value=${typeof value === 'number' ? value : undefined}
        min=${plainPath(path) === 'level.percent' ? 1 : 0}
        .text=${(number: number) => valueText(path, number)}
        ?pending=${path in device.open}
        ?idle=${shown(device, 'on_off.on') === false || !device.online}
        ?disabled=${!device.online}
        @set=${(event: CustomEvent<number>) => store.ask(device.id, {[path]: event.detail})}
      ></value-slider>
    `;
  }
}

function badge(kind: string, drawing: string, text: string, title: string) {
  return html`
    <span class="badge ${kind}" title=${title} data-badge=${drawing}>${icon(drawing)} ${text}</span>
  `;
}
