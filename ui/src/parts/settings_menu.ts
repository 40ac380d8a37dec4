import {LitElement, css, html} from 'lit';
import {customElement, query} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {links} from '../router';
import {change, settings, type Settings} from '../settings';
import {StoreController, store} from '../state';
import {strings} from '../strings';

const S = strings.app;

/** What a person likes, who is signed in, and the way out. Fires `sign-out`. */
@customElement('settings-menu')
export class SettingsMenu extends LitElement {
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    baseStyles,
    css`
      dialog {
        width: min(22rem, calc(100vw - 2rem));
        padding: var(--gap-5);
        color: var(--ink);
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        box-shadow: var(--shadow-high);
      }
      dialog::backdrop {
        background: rgb(20 15 10 / 45%);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: var(--gap-3);
      }
      .fields {
        display: grid;
        gap: var(--gap-4);
      }
      .people {
        margin-top: var(--gap-4);
      }
      .people a {
        display: inline-flex;
        align-items: center;
        gap: var(--gap-2);
        min-height: 2.5rem;
        font-weight: 550;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-2);
        justify-content: space-between;
        align-items: center;
        margin-top: var(--gap-5);
        padding-top: var(--gap-3);
        border-top: 1px solid var(--line);
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override render() {
    return html`
      <button
        type="button"
        class="plain icon"
        aria-label=${S.menu}
        title=${S.menu}
        aria-haspopup="dialog"
        @click=${() => this.dialog.showModal()}
      >
        ${icon('menu')}
      </button>
      <dialog aria-label=${S.menu} @click=${this.outside}>
        <div class="head">
          <h2>${S.menu}</h2>
          <button
            type="button"
            class="plain icon"
            aria-label=${S.close}
            @click=${() => this.dialog.close()}
          >
            ${icon('close')}
          </button>
        </div>
        <div class="fields">
          <label>
            <span>${S.theme}</span>
            ${this.choice('theme', Object.entries(S.themes))}
          </label>
          <label>
            <span>${S.degrees}</span>
            ${this.choice('degrees', [
              ['C', '°C'],
              ['F', '°F'],
            ])}
          </label>
        </div>
        <p class="people">
          <a href=${links.people} @click=${() => this.dialog.close()}>
            ${icon('person')} ${S.people}
          </a>
        </p>
        <div class="foot">
          <span class="small soft">
            ${S.signedInAs(store.session?.person?.name ?? '')}
            <br />
            ${S.version(store.session?.version ?? '')}
          </span>
          <button type="button" @click=${() => this.dispatchEvent(new CustomEvent('sign-out'))}>
            ${S.signOut}
          </button>
        </div>
      </dialog>
    `;
  }

  private choice(key: 'theme' | 'degrees', options: [string, string][]) {
    const choose = (event: Event) => {
      change({[key]: (event.target as HTMLSelectElement).value} as Partial<Settings>);
      store.changed();
    };
    return html`
      <select @change=${choose}>
        ${options.map(
          ([value, text]) => html`
            <option value=${value} .selected=${settings[key] === value}>${text}</option>
          `,
        )}
      </select>
    `;
  }

  private outside(event: MouseEvent) {
    if (event.target === this.dialog) this.dialog.close();
  }
}
