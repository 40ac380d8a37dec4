import {LitElement, css, html} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import '../parts/room_panel';
import {baseStyles} from '../base_styles';
import {weightOf} from '../device_shape';
import {icon} from '../icons';
import {StoreController, store, type DeviceView} from '../state';
import {strings} from '../strings';

interface Room {
  name: string;
  floor: string;
  isRoom: boolean;
  devices: DeviceView[];
}

const heading_weight = 0.8;
const wide = window.matchMedia('(min-width: 62rem)');

/** The devices, room by room: one column on a phone, two of about the same height elsewhere. */
@customElement('home-page')
export class HomePage extends LitElement {
  @state() private columns = wide.matches ? 2 : 1;

  static override styles = [
    baseStyles,
    css`
      .columns {
        display: grid;
        grid-template-columns: repeat(var(--columns, 1), minmax(0, 1fr));
        gap: var(--gap-5);
        align-items: start;
      }
      .column {
        display: grid;
        gap: var(--gap-5);
      }
      .empty {
        padding: var(--gap-6);
        text-align: center;
      }
      .empty svg {
        width: 2.5rem;
        height: 2.5rem;
        color: var(--soft);
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    wide.addEventListener('change', this.onWidth);
  }
  override disconnectedCallback() {
    super.disconnectedCallback();
    wide.removeEventListener('change', this.onWidth);
  }

  override render() {
    const rooms = this.rooms();
    if (!rooms.length) return this.renderEmpty();
    const columns = spread(rooms, this.columns);
    return html`
      <h1 class="unseen">${strings.app.home}</h1>
      <div class="columns" .style=${`--columns: ${this.columns}`}>
        ${columns.map(
          (column) => html`
            <div class="column">
              ${column.map(
                (room) => html`
                  <room-panel
                    name=${room.name}
                    floor=${room.floor}
                    .isRoom=${room.isRoom}
                    .devices=${room.devices}
                  ></room-panel>
                `,
              )}
            </div>
          `,
        )}
      </div>
    `;
  }

  private renderEmpty() {
    const S = strings.rooms;
    const isAll = store.may('see');
    return html`
      <div class="panel empty">
        ${icon(isAll ? 'plug' : 'person')}
        <h1>${isAll ? S.empty : S.nothingGranted}</h1>
        <p class="soft">${isAll ? S.emptyText : S.nothingGrantedText}</p>
      </div>
    `;
  }

  /** Rooms with devices, by floor and name; those without a room come last. */
  private rooms(): Room[] {
    const floors = new Map(store.areas.map((area) => [area.name, area.floor ?? '']));
    // Who sees only a part of the home is not told of a room before something of theirs is in it.
    for (const {area} of store.devices) if (area && !floors.has(area)) floors.set(area, '');
    const rooms = [...floors].map(([name, floor]) => ({
      name,
      floor,
      isRoom: true,
      devices: store.devices.filter((device) => device.area === name),
    }));
    rooms.sort((a, b) => a.floor.localeCompare(b.floor) || a.name.localeCompare(b.name));
    const others = store.devices.filter((device) => !device.area);
    rooms.push({name: strings.rooms.none, floor: '', isRoom: false, devices: others});
    return rooms.filter((room) => room.devices.length);
  }

  private readonly onWidth = () => (this.columns = wide.matches ? 2 : 1);
}

/** Rooms in order, cut where the columns come out most even. */
function spread(rooms: Room[], columns: number): Room[][] {
  if (columns === 1) return [rooms];
  const weights = rooms.map((room) =>
    room.devices.reduce((sum, device) => sum + weightOf(device), heading_weight),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let best = 0;
  let least = Infinity;
  let left = 0;
  weights.forEach((weight, i) => {
    left += weight;
    const uneven = Math.abs(total - 2 * left);
    if (uneven < least) [least, best] = [uneven, i + 1];
  });
  return [rooms.slice(0, best), rooms.slice(best)];
}
