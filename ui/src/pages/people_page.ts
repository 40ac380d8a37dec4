import {LitElement, css, html, nothing} from 'lit';
import {customElement, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';

import '../parts/person_card';
import '../parts/person_form';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import type {PersonCard} from '../parts/person_card';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {Person} from '../types';

const S = strings.people;

/** Who lives here and what they may do; who manages the home changes it, everybody their own password. */
@customElement('people-page')
export class PeoplePage extends LitElement {
  @state() private adding = false;
  @state() private told = '';

  static override styles = [
    baseStyles,
    css`
      :host {
        max-width: 70rem;
      }
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
      }
      .new {
        padding: var(--gap-4);
        margin-bottom: var(--gap-4);
      }
      .new h2 {
        margin-bottom: var(--gap-3);
      }
      .told:not(:empty) {
        padding: var(--gap-2) var(--gap-4);
        margin-bottom: var(--gap-4);
        border-radius: var(--radius-m);
        color: var(--good);
        background: var(--good-wash);
      }
      .people {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr));
        gap: var(--gap-4);
      }
      li:has(person-card[wide]) {
        grid-column: 1 / -1;
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    void store.loadPeople();
  }

  override render() {
    const manages = store.may('manage');
    return html`
      <header>
        <div>
          <h1>${S.title}</h1>
          <p class="soft">${manages ? S.text : S.textOfMine}</p>
        </div>
        ${manages && !this.adding ? this.renderAdd() : nothing}
      </header>
      <p class="told" role="status">${this.told}</p>
      ${manages && this.adding ? this.renderForm() : nothing}
      ${
        store.people
          ? this.renderPeople(store.people, manages)
          : html`
              <p class="soft">${strings.app.loading}</p>
            `
      }
    `;
  }

  private renderAdd() {
    return html`
      <button
        type="button"
        class="main add"
        ?disabled=${!store.live}
        @click=${() => {
          this.adding = true;
          this.told = '';
        }}
      >
        ${icon('plus')} ${S.add}
      </button>
    `;
  }

  private renderForm() {
    return html`
      <section class="panel new" aria-label=${S.adding}>
        <h2>${S.adding}</h2>
        <person-form
          @done=${(event: CustomEvent<Person | undefined>) => this.added(event.detail)}
        ></person-form>
      </section>
    `;
  }

  private renderPeople(people: Person[], manages: boolean) {
    const mine = store.session?.person?.id;
    const sorted = [...people].sort(
      (one, other) =>
        Number(other.id === mine) - Number(one.id === mine) || one.name.localeCompare(other.name),
    );
    return html`
      <ul class="people">
        ${repeat(
          sorted,
          (person) => person.id,
          (person) => html`
            <li>
              <person-card
                .person=${person}
                ?own=${person.id === mine}
                ?manages=${manages}
                @told=${(event: CustomEvent<string>) => (this.told = event.detail)}
                @gone=${this.toTop}
              ></person-card>
            </li>
          `,
        )}
      </ul>
    `;
  }

  private async added(person: Person | undefined) {
    this.adding = false;
    if (!person) {
      await this.updateComplete;
      return this.toTop();
    }
    this.told = S.added(person.name);
    await store.loadPeople();
    await new Promise(requestAnimationFrame);
    await this.updateComplete;
    const cards = [...this.renderRoot.querySelectorAll<PersonCard>('person-card')];
    const card = cards.find((each) => each.person.id === person.id);
    await card?.updateComplete;
    card?.focus();
  }

  private readonly toTop = () => {
    this.renderRoot.querySelector<HTMLElement>('.add')?.focus();
  };
}
