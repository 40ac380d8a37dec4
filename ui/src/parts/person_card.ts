import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import '../controls/sure_question';
import './password_form';
import './person_form';
import {api, hubNow} from '../api';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {hasEnded} from '../rights';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {Person, Rights} from '../types';
import {rightsTexts} from '../words/people';
import {datedText} from '../words/times';

const S = strings.people;

/** Somebody who lives here: what they may do, where that is told, and what the one who looks may change
    of it. Fires `told` with words for what was done. */
@customElement('person-card')
export class PersonCard extends LitElement {
  @property({attribute: false}) person!: Person;
  @property({type: Boolean}) own = false;
  /** Whether who looks manages the home. */
  @property({type: Boolean}) manages = false;
  @state() private open: '' | 'change' | 'password' | 'forget' = '';

  static override styles = [
    baseStyles,
    css`
      article {
        height: 100%;
        padding: var(--gap-4);
        display: flex;
        flex-direction: column;
        gap: var(--gap-3);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--gap-2);
      }
      header svg {
        color: var(--soft);
      }
      h2 {
        overflow-wrap: anywhere;
      }
      header .badge:first-of-type {
        margin-left: auto;
      }
      .rights {
        display: grid;
        gap: var(--gap-1);
        overflow-wrap: anywhere;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-2);
        justify-content: flex-end;
        margin-top: auto;
        padding-top: var(--gap-3);
        border-top: 1px solid var(--line);
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override updated() {
    // A form wants the whole width.
    this.toggleAttribute('wide', this.open === 'change');
  }

  override render() {
    const {person} = this;
    return html`
      <article class="panel" aria-label=${person.name} data-person=${person.id}>
        <header>
          ${icon('person')}
          <h2 tabindex="-1">${person.name}</h2>
          ${this.renderBadges()}
        </header>
        ${person.role && this.open !== 'change' ? this.renderRights(person as Person & Rights) : nothing}
        ${this.renderOpen()}
      </article>
    `;
  }

  private renderBadges() {
    const {role} = this.person;
    return html`
      ${
        role
          ? html`
              <span class="badge">${S.roles[role]}</span>
            `
          : nothing
      }
      ${
        this.own
          ? html`
              <span class="badge good">${S.you}</span>
            `
          : nothing
      }
    `;
  }

  private renderRights(person: Person & Rights) {
    const {until} = person;
    const ended = hasEnded(person, hubNow());
    return html`
      <ul class="rights" data-part="rights">
        ${rightsTexts(person).map(
          (text) => html`
            <li>${text}</li>
          `,
        )}
      </ul>
      ${
        until
          ? html`
              <p>
                <span class="badge ${ended ? 'bad' : 'warn'}">
                  ${ended ? S.ended(datedText(until)) : S.untilText(datedText(until))}
                </span>
              </p>
            `
          : nothing
      }
    `;
  }

  private renderOpen() {
    const {person, own, manages} = this;
    if (this.open === 'change' && manages) {
      return html`
        <person-form
          .person=${person}
          @done=${(event: CustomEvent<Person | undefined>) => this.changed(event.detail)}
        ></person-form>
      `;
    }
    if (this.open === 'password' && (own || manages)) {
      return html`
        <password-form
          .person=${person}
          ?own=${own}
          @done=${(event: CustomEvent<boolean>) => this.passwordSet(event.detail)}
        ></password-form>
      `;
    }
    if (this.open === 'forget' && manages) {
      return html`
        <sure-question
          text=${S.forgetSure(person.name)}
          yes=${S.forgetYes}
          @answer=${(event: CustomEvent<boolean>) => this.answered(event.detail)}
        ></sure-question>
      `;
    }
    return own || manages ? this.renderButtons() : nothing;
  }

  private renderButtons() {
    const {person, own, manages} = this;
    const {name} = person;
    const button = (what: 'change' | 'password', text: string, label: string) => html`
      <button
        type="button"
        data-opens=${what}
        aria-label=${label}
        ?disabled=${!store.live}
        @click=${() => this.show(what)}
      >
        ${text}
      </button>
    `;
    return html`
      <footer>
        ${manages ? this.renderForget() : nothing}
        ${
          own
            ? button('password', S.myPassword, S.ownPassword)
            : button('password', S.password, S.passwordOf(name))
        }
        ${manages ? button('change', S.change, S.changeOf(name)) : nothing}
      </footer>
    `;
  }

  private renderForget() {
    return html`
      <button
        type="button"
        class="plain icon"
        data-opens="forget"
        aria-label=${S.forgetOf(this.person.name)}
        title=${S.forget}
        ?disabled=${!store.live}
        @click=${() => this.show('forget')}
      >
        ${icon('trash')}
      </button>
    `;
  }

  private show(what: typeof this.open) {
    this.open = what;
    this.tell('');
  }

  /** Back to where the form was opened from. */
  private close(from: string) {
    this.open = '';
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`[data-opens='${from}']`)?.focus(),
    );
  }

  private async changed(person: Person | undefined) {
    if (person) {
      await store.loadPeople();
      if (this.own) await store.refreshSession();
      this.tell(S.changed(person.name));
    }
    this.close('change');
  }

  private passwordSet(isSet: boolean) {
    if (isSet) this.tell(this.own ? S.ownPasswordSet : S.passwordSet(this.person.name));
    this.close('password');
  }

  private async answered(yes: boolean) {
    if (!yes) return this.close('forget');
    const {id, name} = this.person;
    try {
      await api.forgetPerson(id);
    } catch (error) {
      store.problem(error);
      return this.close('forget');
    }
    this.dispatchEvent(new CustomEvent('gone'));
    this.tell(S.forgotten(name));
    await store.loadPeople();
  }

  private tell(text: string) {
    this.dispatchEvent(new CustomEvent('told', {detail: text}));
  }

  override focus() {
    this.renderRoot.querySelector('h2')?.focus();
  }
}
