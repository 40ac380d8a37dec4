import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import './device_row';
import {baseStyles} from '../base_styles';
import {store, type DeviceView} from '../state';
import {settings} from '../settings';
import {strings} from '../strings';
import {read} from '../twin';

const S = strings.rooms;

/** A room with its devices. */
@customElement('room-panel')
export class RoomPanel extends LitElement {
  @property() name = '';
  @property() floor = '';
  @property({attribute: false}) devices: DeviceView[] = [];

  static override styles = [
    baseStyles,
    css`
      header {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        min-height: 2.5rem;
        padding: 0 var(--gap-1) 0 var(--gap-4);
      }
      header .soft {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      header button {
        min-height: 1.9rem;
        font-size: var(--text-s);
      }
      device-row + device-row {
        border-top: 1px solid var(--line);
      }
    `,
  ];

  override render() {
    const lit = this.litLights();
    return html`
      <section aria-label=${this.name}>
        <header>
          <h2>${this.name}</h2>
          <span class="soft small">${this.summary(lit.length)}</span>
          ${
            lit.length
              ? html`
                  <button
                    type="button"
                    class="plain"
                    aria-label=${S.allOffIn(this.name)}
                    @click=${() => this.allOff(lit)}
                  >
                    ${S.allOff}
                  </button>
                `
              : nothing
          }
        </header>
        <div class="panel">
          ${repeat(
            this.devices,
            (device) => device.id,
            (device) => html`
              <device-row
                .device=${device}
                .details=${store.wantDetails(device.id)}
                degrees=${settings.degrees}
              ></device-row>
            `,
          )}
        </div>
      </section>
    `;
  }

  private litLights(): DeviceView[] {
    return this.devices.filter(
      (device) =>
        device.type === 'light' && device.online && read(device.reported, 'on_off.on') === true,
    );
  }

  private summary(lit: number): string {
    return [this.floor, lit ? S.lightsOn(lit) : ''].filter(Boolean).join(' · ');
  }

  private allOff(lit: DeviceView[]) {
    for (const device of lit) void store.ask(device.id, {'on_off.on': false});
  }
}
