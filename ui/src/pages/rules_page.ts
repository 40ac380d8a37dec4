import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import '../parts/rule_card';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {links} from '../router';
import {StoreController, store} from '../state';
import {strings} from '../strings';

const S = strings.rule;

/** The rules; or one of them with its runs. */
@customElement('rules-page')
export class RulesPage extends LitElement {
  @property() rule = '';

  static override styles = [
    baseStyles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-3);
        align-items: center;
        justify-content: space-between;
        margin-bottom: var(--gap-4);
      }
      .add {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
        min-height: 2.5rem;
        padding: 0 1rem 0 0.75rem;
        border-radius: var(--radius-s);
        background: var(--accent);
        color: var(--accent-ink);
        font-weight: 600;
        text-decoration: none;
      }
      .rules {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr));
        gap: var(--gap-4);
      }
      .empty {
        padding: var(--gap-6);
        text-align: center;
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void store.loadRules();
  }

  override render() {
    return html`
      <header>
        <div>
          <h1>${S.title}</h1>
          <p class="soft">${S.text}</p>
        </div>
        ${
          store.may('arrange')
            ? html`
                <a class="add" href=${links.newRule}>${icon('plus')} ${S.add}</a>
              `
            : nothing
        }
      </header>
      ${this.renderRules()}
    `;
  }

  private renderRules() {
    if (!store.rules)
      return html`
        <p class="soft">${strings.app.loading}</p>
      `;
    const rules = store.rules.filter((rule) => !this.rule || rule.id === this.rule);
    if (this.rule && !rules.length)
      return html`
        <p>${S.notFound}</p>
      `;
    if (!rules.length) {
      return html`
        <div class="panel empty">
          <h2>${S.none}</h2>
          <p class="soft">${S.noneText}</p>
        </div>
      `;
    }
    return html`
      <div class="rules">
        ${repeat(
          rules,
          (rule) => rule.id,
          (rule) => html`
            <rule-card .rule=${rule} ?open=${Boolean(this.rule)}></rule-card>
          `,
        )}
        ${nothing}
      </div>
    `;
  }
}
