import {LitElement, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import '../controls/color_control';
import '../controls/cover_control';
import '../controls/lock_control';
import '../controls/sure_question';
import '../controls/thermostat_control';
import '../controls/toggle_switch';
import '../controls/value_slider';
import './device_edit';
import {baseStyles} from '../base_styles';
import {
  asSwitch,
  asksFirst,
  iconOf,
  isActive,
  isAlarm,
  isOffered,
  mayAsk,
  pathsLike,
  plainReadingsOf,
  readingsOf,
  shown,
} from '../device_shape';
import {icon} from '../icons';
import {deviceRowStyles} from './device_row_styles';

import {links} from '../router';
import {store, type DeviceView} from '../state';
import {strings} from '../strings';
import {endpointOf, pathsOf, plainPath, read} from '../twin';
import type {DeviceDetails, Json} from '../types';
import {askedList, askedText, labelOf, partOf, valueText} from '../words/values';

const S = strings.device;
const low_battery_percent = 15;
const plain_readings_shown = 2;
/** What a control shows, and words where there is none. */
const told_without_control = [
  'level.percent',
  'thermostat.target',
  'thermostat.mode',
  'fan.speed',
  'media.volume',
];

/** One device in its room: what it is, how it is, and its most used controls. */
@customElement('device-row')
export class DeviceRow extends LitElement {
  @property({attribute: false}) device!: DeviceView;
  @property({attribute: false}) details: DeviceDetails | undefined;
  /** The unit of temperatures: a row renders again only when a property of it changes. */
  @property() degrees = '';
  @state() private editing = false;
  /** The lock's question is open; it wants a line of its own. */
  @state() private asking = false;
  /** What was never confirmed is being explained. */
  @state() private explaining = false;
  /** Asking for it again wants a second yes, as it did the first time. */
  @state() private askingAgain = false;

  static override styles = [baseStyles, deviceRowStyles];

  override render() {
    const {device, details} = this;
    return html`
      <article
        class="${device.online ? '' : 'offline'} ${store.live ? '' : 'away'} ${this.wantsLine(details) ? 'asking' : ''}"
        aria-label=${device.name}
        data-device=${device.id}
        @ask=${(event: CustomEvent<Record<string, Json>>) => store.ask(device.id, event.detail)}
      >
        ${this.editing && device.may.arrange ? this.renderEdit() : this.renderHead(details)}
        ${this.renderOwed()}
        <div class="controls">${this.renderControls(details)}</div>
      </article>
    `;
  }

  /** A lock's question, or both its buttons, would leave no room for the name. */
  private wantsLine(details: DeviceDetails | undefined): boolean {
    const {device} = this;
    if (this.asking) return true;
    if (!isOffered(device, details, 'lock.state')) return false;
    const state = String(read(device.reported, 'lock.state') ?? '');
    return !['locked', 'locking', 'unlocked', 'unlocking'].includes(state);
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
          ${device.may.arrange ? this.renderEditButton() : nothing}
        </h3>
        <p class="state" data-part="state">${this.renderState(details)}</p>
      </div>
      <div class="aside">${this.renderAside(details)}</div>
    `;
  }

  private renderEditButton() {
    const label = S.edit(this.device.name);
    return html`
      <button
        type="button"
        class="plain icon"
        aria-label=${label}
        title=${label}
        @click=${() => (this.editing = true)}
      >
        ${icon('edit')}
      </button>
    `;
  }

  private renderState(details: DeviceDetails | undefined) {
    const {device} = this;
    const open = Object.keys(device.open).length ? askedList(device.open, device.labels) : '';
    const isMoving = device.under_way?.some((path) => path in device.open) ?? false;
    const owing = Object.keys(device.owed).length > 0;
    const texts = this.stateTexts(details).join(' · ');
    const isSilent = pathsOf(device.reported).length === 0;
    const battery = read(device.reported, 'battery.percent');
    const low =
      read(device.reported, 'battery.low') === true ||
      (typeof battery === 'number' && battery <= low_battery_percent);
    return html`
      ${
        texts || isSilent
          ? html`
              <span>${texts || S.unknown}</span>
            `
          : nothing
      }
      ${device.online ? nothing : badge('bad', 'offline', S.offline, S.offlineText)}
      ${open ? badge('wait', 'wait', isMoving ? S.moving : S.waiting, S.waitingFor(open)) : nothing}
      ${!open && owing ? this.renderOwedBadge() : nothing}
      ${low ? badge('warn', 'battery', valueText('battery.percent', battery ?? 0), labelOf('battery.percent')) : nothing}
    `;
  }

  /** A button: what it means, and what can be done about it, stands open below it. */
  private renderOwedBadge() {
    return html`
      <button
        type="button"
        class="badge warn"
        data-badge="warn"
        aria-expanded=${this.explaining}
        aria-label=${S.owedMore(this.device.name)}
        @click=${() => (this.explaining = !this.explaining)}
      >
        ${icon('warn')} ${S.owed}
      </button>
    `;
  }

  private renderOwed() {
    const {device} = this;
    const paths = Object.keys(device.owed);
    if (!this.explaining || !paths.length || Object.keys(device.open).length) return nothing;
    const what = askedList(device.owed, device.labels);
    const says = paths
      .filter((path) => read(device.reported, path) !== undefined)
      .map((path) => askedText(path, read(device.reported, path) ?? null, device.labels))
      .join(', ');
    return html`
      <div class="owed" data-part="owed">
        <p>${S.owedText(what, says)}</p>
        <div>${this.renderOwedButtons(paths, what)}</div>
        ${this.askingAgain ? this.renderAskAgain(what) : nothing}
      </div>
    `;
  }

  private renderOwedButtons(paths: string[], what: string) {
    const {device, details} = this;
    const mayAll = paths.every((path) => mayAsk(device, details, path, device.owed[path] ?? null));
    return html`
      ${
        device.may.use
          ? html`
              <button
                type="button"
                aria-label=${S.letGoOf(device.name, what)}
                ?disabled=${!store.live}
                @click=${() => store.letGo(device.id, paths)}
              >
                ${S.letGo}
              </button>
            `
          : nothing
      }
      ${
        mayAll
          ? html`
              <button
                type="button"
                aria-label=${S.againOf(device.name, what)}
                ?disabled=${!device.usable}
                @click=${this.askAgain}
              >
                ${S.again}
              </button>
            `
          : nothing
      }
    `;
  }

  private renderAskAgain(what: string) {
    return html`
      <sure-question
        text=${S.againSure(this.device.name, what)}
        yes=${S.againYes}
        @answer=${(event: CustomEvent<boolean>) => {
          this.askingAgain = false;
          if (event.detail) store.ask(this.device.id, {...this.device.owed});
        }}
      ></sure-question>
    `;
  }

  private readonly askAgain = () => {
    const {device, details} = this;
    const asks = ([path, value]: [string, Json]) => asksFirst(details, path, value);
    if (Object.entries(device.owed).some(asks)) this.askingAgain = true;
    else store.ask(device.id, {...device.owed});
  };

  /** What stands under the name; the first reading of a sensor stands large at the side instead. */
  private stateTexts(details: DeviceDetails | undefined): string[] {
    const {device} = this;
    const say = (path: string) => valueText(path, read(device.reported, path));
    const has = (path: string) => read(device.reported, path) !== undefined;
    const gangs = pathsLike(device, details, 'on_off.on').filter(endpointOf);
    const texts = [
      ...gangs.map((path) => askedText(path, read(device.reported, path) ?? null, device.labels)),
    ];
    const states = ['on_off.on', 'lock.state', 'media.state', 'media.title', 'thermostat.action']
      .filter(has)
      .map(say);
    texts.push(...states);
    const moving = ['opening', 'closing'].includes(String(read(device.reported, 'cover.motion')));
    if (moving) texts.push(say('cover.motion'));
    else if (has('cover.position')) texts.push(say('cover.position'));
    const untold = told_without_control.filter((path) => has(path) && !device.may.use);
    texts.push(...untold.map((path) => `${labelOf(path, device.labels)} ${say(path)}`));
    const readings = readingsOf(device).filter((path) => !texts.includes(say(path)));
    const first = this.hasSideControl(details) ? 0 : 1;
    const all = [...texts, ...readings.slice(first, first + 3).map(say)];
    if (all.length || readings.length) return all;
    return plainReadingsOf(device)
      .slice(0, plain_readings_shown)
      .map((path) => `${labelOf(path, device.labels)}: ${say(path)}`);
  }

  private hasSideControl(details: DeviceDetails | undefined): boolean {
    const {device} = this;
    return this.switches(details).length > 0 || isOffered(device, details, 'lock.state');
  }

  private switches(details: DeviceDetails | undefined): string[] {
    return pathsLike(this.device, details, 'on_off.on').filter((path) =>
      isOffered(this.device, details, path),
    );
  }

  private renderAside(details: DeviceDetails | undefined) {
    const {device} = this;
    const switches = this.switches(details);
    if (isOffered(device, details, 'lock.state')) {
      return html`
        <lock-control
          .state=${String(read(device.reported, 'lock.state') ?? '')}
          name=${device.name}
          ?pending=${'lock.state' in device.open}
          ?disabled=${!device.usable}
          .asks=${(path: string, value: Json) => asksFirst(details, path, value)}
          .allows=${(path: string, value: Json) => mayAsk(device, details, path, value)}
          @asking=${(event: CustomEvent<boolean>) => (this.asking = event.detail)}
        ></lock-control>
      `;
    }
    if (switches.length > 1) {
      return html`
        <div class="gangs">
          ${switches.map(
            (path) => html`
              <label>
                ${partOf(path, device.labels) || labelOf(path)} ${this.renderSwitch(path)}
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
          <span class="big" title=${device.labels?.[first] ?? labelOf(first)}>
            ${valueText(first, read(device.reported, first))}
          </span>
        `
      : nothing;
  }

  private renderSwitch(path: string) {
    const {device} = this;
    const part = endpointOf(path) && (device.labels?.[path] ?? endpointOf(path));
    return html`
      <toggle-switch
        label=${part ? `${device.name}: ${part}` : device.name}
        .on=${asSwitch(shown(device, path))}
        ?pending=${path in device.open}
        ?disabled=${!device.usable}
        @toggle=${(event: CustomEvent<boolean>) => store.ask(device.id, {[path]: event.detail})}
      ></toggle-switch>
    `;
  }

  private renderControls(details: DeviceDetails | undefined) {
    const {device} = this;
    const can = (path: string) => isOffered(device, details, path);
    const lit = shown(device, 'on_off.on') !== false;
    return [
      can('level.percent') ? this.slider('level.percent') : nothing,
      lit && (can('color.kelvin') || can('color.hue'))
        ? html`
            <color-control .device=${device} .details=${details}></color-control>
          `
        : nothing,
      can('cover.position') || can('cover.motion') ? this.renderCover(can, details) : nothing,
      can('thermostat.target')
        ? html`
            <thermostat-control .device=${device} .details=${details}></thermostat-control>
          `
        : nothing,
      can('fan.speed') ? this.slider('fan.speed') : nothing,
      can('media.volume') ? this.slider('media.volume') : nothing,
    ];
  }

  private renderCover(can: (path: string) => boolean, details: DeviceDetails | undefined) {
    const {device} = this;
    const position = shown(device, 'cover.position');
    return html`
      <cover-control
        name=${device.name}
        .position=${typeof position === 'number' ? position : undefined}
        .slides=${can('cover.position')}
        .moves=${can('cover.motion')}
        ?pending=${'cover.position' in device.open}
        ?disabled=${!device.usable}
        .asks=${(path: string, value: Json) => asksFirst(details, path, value)}
        .allows=${(path: string, value: Json) => mayAsk(device, details, path, value)}
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
        ?idle=${shown(device, 'on_off.on') === false || !device.usable}
        ?disabled=${!device.usable}
        @set=${(event: CustomEvent<number>) => store.ask(device.id, {[path]: event.detail})}
      ></value-slider>
    `;
  }
}

function badge(kind: string, drawing: string, text: string, title: string) {
  return html`
    <span class="badge ${kind}" title=${title} data-badge=${drawing}>
      ${icon(drawing)} ${text}
      <span class="unseen">${title}</span>
    </span>
  `;
}
