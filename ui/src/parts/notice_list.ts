import {LitElement, css, html, nothing} from 'lit';
import {customElement} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {StoreController, store} from '../state';
import {strings} from '../strings';

const S = strings.notices;

/** What rules tell people, and what went wrong: on top of the page for a while. */
@customElement('notice-list')
export class NoticeList extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        position: fixed;
        z-index: 20;
        right: var(--gap-4);
        bottom: calc(var(--gap-4) + var(--tabs, 0px) + env(safe-area-inset-bottom));
        width: min(24rem, calc(100vw - 2 * var(--gap-4)));
        pointer-events: none;
      }
      ol {
        display: grid;
        gap: var(--gap-2);
      }
      li {
        pointer-events: auto;
        display: flex;
        align-items: center;
        gap: var(--gap-3);
        padding: var(--gap-2) var(--gap-2) var(--gap-2) var(--gap-4);
        border: 1px solid var(--line);
        border-left: 4px solid var(--glow);
        border-radius: var(--radius-m);
        background: var(--surface);
        box-shadow: var(--shadow-high);
        animation: come var(--quick) ease-out;
      }
      li.problem {
        border-left-color: var(--bad);
      }
      li > svg {
        color: var(--glow-ink);
      }
      li.problem > svg {
        color: var(--bad);
      }
      p {
        flex: 1;
        overflow-wrap: anywhere;
      }
      @keyframes come {
        from {
          opacity: 0;
          translate: 0 0.5rem;
        }
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override render() {
    return html`
      <div role="log" aria-live="polite" aria-label=${S.region}>
        <ol>
          ${repeat(
            store.notices,
            (notice) => notice.id,
            (notice) => html`
              <li class=${notice.kind} data-notice=${notice.kind}>
                ${icon(notice.kind === 'problem' ? 'warn' : 'bell')}
                <p>${notice.text}</p>
                ${
                  notice.href
                    ? html`
                        <a href=${notice.href}>${S.look}</a>
                      `
                    : nothing
                }
                <button
                  type="button"
                  class="plain icon"
                  aria-label=${S.dismiss}
                  @click=${() => store.dismiss(notice.id)}
                >
                  ${icon('close')}
                </button>
              </li>
            `,
          )}
        </ol>
      </div>
    `;
  }
}
