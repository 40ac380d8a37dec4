import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import './device_row';
import {baseStyles} from '../base_styles';
import {isOf} from '../device_shape';
import {store, type DeviceView} from '../state';
import {settings} from '../settings';
import {strings} from '../strings';
import {read} from '../twin';

const S = strings.rooms;
/** More than so many lights go off only after a second yes. */
const lights_at_once = 8;

/** A room with its devices. */
@customElement('room-panel')
export class RoomPanel extends LitElement {
  @property() name = '';
  @property() floor = '';
  /** False for those devices that are in none: to switch them all off is more than a room. */
  @property({attribute: false}) isRoom = true;
  @property({attribute: false}) devices: DeviceView[] = [];
  @state() private asking = false;

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
      .question {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
        gap: var(--gap-2);
        padding: 0 var(--gap-1) var(--gap-2) var(--gap-4);
      }
      .question p {
        font-weight: 600;
        flex: 1 1 12rem;
      }
      device-row + device-row {
        border-top: 1px solid var(--line);
      }
    `,
  ];

  override render() {
    const lit = this.litLights();
    const mine = lit.filter((device) => device.may.use);
    return html`
      <section aria-label=${this.name}>
        <header>
          <h2>${this.name}</h2>
          <span class="soft small">${this.summary(lit.length)}</span>
          ${mine.length && !this.asking ? this.renderAllOff(mine) : nothing}
        </header>
        ${mine.length && this.asking ? this.renderQuestion(mine) : nothing}
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

  private renderAllOff(lit: DeviceView[]) {
    const isMuch = !this.isRoom || lit.length > lights_at_once;
    return html`
      <button
        type="button"
        class="plain"
        aria-label=${S.allOffIn(this.name)}
        ?disabled=${!store.live}
        @click=${() => (isMuch ? this.ask() : this.allOff(lit))}
      >
        ${S.allOff}
      </button>
    `;
  }

  private renderQuestion(lit: DeviceView[]) {
    return html`
      <div
        class="question"
        role="group"
        aria-label=${S.allOffIn(this.name)}
        @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && (this.asking = false)}
      >
        <p>${S.allOffSure(lit.length)}</p>
        <button type="button" class="plain" @click=${() => (this.asking = false)}>
          ${strings.device.cancel}
        </button>
        <button
          type="button"
          class="main"
          ?disabled=${!store.live}
          @click=${() => this.allOff(lit)}
        >
          ${S.allOffYes}
        </button>
      </div>
    `;
  }

  private ask() {
    this.asking = true;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLButtonElement>('.question .main')?.focus(),
    );
  }

  private litLights(): DeviceView[] {
    return this.devices.filter(
      (device) =>
        isOf(device, 'light') && device.online && read(device.reported, 'on_off.on') === true,
    );
  }

  private summary(lit: number): string {
    return [this.floor, lit ? S.lightsOn(lit) : ''].filter(Boolean).join(' · ');
  }

  private allOff(lit: DeviceView[]) {
    this.asking = false;
    for (const device of lit) void store.ask(device.id, {'on_off.on': false});
  }
}
