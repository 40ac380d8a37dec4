import {LitElement, css, html} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import '../parts/event_list';
import {baseStyles} from '../base_styles';
import {change, settings} from '../settings';
import {StoreController, store} from '../state';
import {strings} from '../strings';

const S = strings.event;
const lines_first = 60;
const lines_more = 100;

/** All that happened, newest first. */
@customElement('activity-page')
export class ActivityPage extends LitElement {
  @state() private limit = lines_first;
  @state() private atEnd = false;

  static override styles = [
    baseStyles,
    css`
      :host {
        max-width: 60rem;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-2) var(--gap-4);
        align-items: end;
        justify-content: space-between;
        margin-bottom: var(--gap-4);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
      }
      label > span {
        margin: 0;
      }
      footer {
        padding: var(--gap-4);
        text-align: center;
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override render() {
    return html`
      <header>
        <div>
          <h1>${S.title}</h1>
          <p class="soft">${S.text}</p>
        </div>
        <label>
          <input type="checkbox" .checked=${settings.readings} @change=${this.choose} />
          <span>${S.readings}</span>
        </label>
      </header>
      <div class="panel"><event-list .limit=${this.limit}></event-list></div>
      <footer>
        ${
          this.atEnd
            ? html`
                <p class="soft">${S.noOlder}</p>
              `
            : html`
                <button type="button" @click=${this.more}>${S.older}</button>
              `
        }
      </footer>
    `;
  }

  private choose(event: Event) {
    change({readings: (event.target as HTMLInputElement).checked});
    store.changed();
  }

  private async more() {
    this.limit += lines_more;
    try {
      this.atEnd = !(await store.loadOlder());
    } catch (error) {
      store.problem(error);
    }
  }
}
