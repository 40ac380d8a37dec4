import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import '../controls/attribute_control';
import '../parts/device_row';
import '../parts/event_list';
import {baseStyles} from '../base_styles';
import {allPaths, isOffered, specOf} from '../device_shape';
import {icon} from '../icons';
import {links} from '../router';
import {StoreController, store, type DeviceView} from '../state';
import {settings} from '../settings';
import {strings} from '../strings';
import {plainPath, read} from '../twin';
import type {DeviceDetails, Json} from '../types';
import {labelOf, ownNameOf, valueText} from '../words/values';
import {fullTimeText} from '../words/times';

const S = strings.device;

/** What the row above already sets. */
const onRow = new Set([
  'on_off.on',
  'level.percent',
  'color.hue',
  'color.saturation',
  'color.kelvin',
  'cover.position',
  'cover.motion',
  'lock.state',
  'thermostat.target',
  'thermostat.mode',
  'fan.speed',
  'media.volume',
  'color.x',
  'color.y',
]);

/** All about one device: every control and reading, what it is, what happened with it. */
@customElement('device-page')
export class DevicePage extends LitElement {
  @property() word = '';

  static override styles = [
    baseStyles,
    css`
      header {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        margin-bottom: var(--gap-4);
      }
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: var(--gap-5);
        align-items: start;
      }
      h2 {
        font-size: var(--text-m);
        margin-bottom: var(--gap-2);
      }
      .body {
        padding: var(--gap-3) var(--gap-4);
        display: grid;
        gap: var(--gap-2);
      }
      dl {
        display: grid;
        grid-template-columns: minmax(7rem, auto) minmax(0, 1fr);
        gap: var(--gap-2) var(--gap-4);
        margin: 0;
        padding: var(--gap-3) var(--gap-4);
      }
      dt {
        color: var(--soft);
        font-size: var(--text-s);
        line-height: 1.7;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .first {
        margin-bottom: var(--gap-5);
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override render() {
    const device = store.device(this.word);
    const details = device ? store.wantDetails(device.id) : undefined;
    return html`
      <header>
        <a href=${links.home} aria-label=${strings.app.home}>${icon('back')}</a>
        <div>
          <h1>${device?.name ?? S.notFound}</h1>
          <p class="soft small">${device ? (device.area ?? strings.rooms.none) : ''}</p>
        </div>
      </header>
      ${device ? this.renderDevice(device, details) : nothing}
    `;
  }

  private renderDevice(device: DeviceView, details: DeviceDetails | undefined) {
    const more = allPaths(device, details).filter(
      (path) => details && isOffered(device, details, path) && !onRow.has(plainPath(path)),
    );
    return html`
      <h2 class="unseen">${S.now}</h2>
      <div class="panel first">
        <device-row .device=${device} .details=${details} degrees=${settings.degrees}></device-row>
      </div>
      <div class="parts">
        ${more.length ? this.renderControls(device, details, more) : nothing}
        <section>
          <h2>${S.readings}</h2>
          ${this.renderReadings(device, details)}
        </section>
        <section>
          <h2>${S.facts}</h2>
          ${this.renderFacts(device, details)}
        </section>
        <section>
          <h2>${S.recent}</h2>
          <div class="panel"><event-list device=${device.id} limit="12" readings></event-list></div>
        </section>
      </div>
    `;
  }

  private renderControls(device: DeviceView, details: DeviceDetails | undefined, paths: string[]) {
    return html`
      <section
        @ask=${(event: CustomEvent<Record<string, Json>>) => store.ask(device.id, event.detail)}
      >
        <h2>${S.controls}</h2>
        <div class="panel body">
          ${paths.map(
            (path) => html`
              <attribute-control
                .device=${device}
                .details=${details}
                path=${path}
              ></attribute-control>
            `,
          )}
        </div>
      </section>
    `;
  }

  private renderReadings(device: DeviceView, details: DeviceDetails | undefined) {
    return html`
      <dl class="panel">
        ${allPaths(device, details).map(
          (path) => html`
            <dt>
              ${labelOf(path, device.labels)}
              <span class="small">${ownNameOf(path, device.labels)}</span>
            </dt>
            <dd>${valueText(path, read(device.reported, path), specOf(details, path))}</dd>
          `,
        )}
      </dl>
    `;
  }

  private renderFacts(device: DeviceView, details: DeviceDetails | undefined) {
    const facts: [string, string | undefined][] = [
      [S.aliases, device.aliases.join(', ')],
      [S.maker, details?.manufacturer],
      [S.model, details?.model],
      [S.firmware, details?.version],
      [S.through, details?.adapter?.replace(/_/g, ' ')],
      [S.externalId, details?.external_id],
      [S.joined, details?.joined ? fullTimeText(details.joined) : undefined],
    ];
    return html`
      <dl class="panel">
        ${facts
          .filter(([, value]) => value)
          .map(
            ([label, value]) => html`
              <dt>${label}</dt>
              <dd>${value}</dd>
            `,
          )}
      </dl>
    `;
  }
}
