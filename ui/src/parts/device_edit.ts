import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {store, type DeviceView} from '../state';
import {strings} from '../strings';

const S = strings.device;

/** Renames and moves a device, in place. Enter saves, Escape leaves; fires `done` either way. */
@customElement('device-edit')
export class DeviceEdit extends LitElement {
  @property({attribute: false}) device!: DeviceView;
  @state() private fault = '';
  @state() private saving = false;

  static override styles = [
    baseStyles,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--gap-2) var(--gap-3);
        align-items: end;
      }
      .buttons {
        display: flex;
        gap: var(--gap-2);
        justify-content: flex-end;
        grid-column: 1 / -1;
      }
      .error {
        grid-column: 1 / -1;
      }
    `,
  ];

  override firstUpdated() {
    const name = this.renderRoot.querySelector('input');
    name?.focus();
    name?.select();
  }

  override render() {
    return html`
      <form
        @submit=${this.save}
        @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.done()}
      >
        <label>
          <span>${S.name}</span>
          <input
            name="name"
            required
            maxlength="100"
            autocomplete="off"
            .value=${this.device.name}
          />
        </label>
        <label>
          <span>${S.room}</span>
          <select name="area" aria-label=${S.room}>
            ${
              this.mayBeIn(null)
                ? html`
                    <option value="" .selected=${!this.device.area}>${strings.rooms.none}</option>
                  `
                : nothing
            }
            ${this.areas().map(
              (area) => html`
                <option value=${area.name} .selected=${area.name === this.device.area}>
                  ${area.name}
                </option>
              `,
            )}
          </select>
        </label>
        <p class="error" role="alert" ?hidden=${!this.fault}>${this.fault}</p>
        <div class="buttons">
          <button type="button" class="plain" @click=${this.done}>${S.cancel}</button>
          <button class="main" ?disabled=${this.saving}>${S.save}</button>
        </div>
      </form>
    `;
  }

  /** Where it could be arranged no more is no place to put it. */
  private areas() {
    return store.areas.filter((area) => this.mayBeIn(area.name));
  }
  private mayBeIn(area: string | null): boolean {
    const {type} = this.device;
    return area === this.device.area || store.may('arrange', {area, type});
  }

  private async save(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const change: {name?: string; area?: string | null} = {};
    const name = String(form.get('name')).trim();
    const area = String(form.get('area')) || null;
    if (name !== this.device.name) change.name = name;
    if (area !== this.device.area) change.area = area;
    this.saving = true;
    try {
      if (Object.keys(change).length) await store.edit(this.device.id, change);
      this.done();
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
    } finally {
      this.saving = false;
    }
  }

  private done() {
    this.dispatchEvent(new CustomEvent('done'));
  }
}
