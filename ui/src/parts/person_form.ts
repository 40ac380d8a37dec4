import {LitElement, css, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import './grant_field';
import {api} from '../api';
import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {
  changeOf,
  draftOf,
  emptyGrant,
  emptyPerson,
  missingOf,
  rightsOf,
  type GrantDraft,
  type PersonDraft,
} from '../person_draft';
import {StoreController, store} from '../state';
import {strings} from '../strings';
import type {Person, Role} from '../types';
import {formStyles} from './form_styles';
import type {GrantField} from './grant_field';
import {passwordField, showPassword} from './password_field';

const S = strings.people;
const most_grants = 32;
const roles = Object.keys(S.roles) as Role[];

/** Adds somebody, or changes their name and what they may do. Escape leaves; fires `done` with the person
    as the hub has them now, or without. */
@customElement('person-form')
export class PersonForm extends LitElement {
  /** Who is changed; nobody for somebody new. */
  @property({attribute: false}) person: Person | undefined;
  @state() private draft: PersonDraft = emptyPerson;
  @state() private fault = '';
  @state() private busy = false;
  @state() private shown = false;
  private initial: PersonDraft = emptyPerson;

  static override styles = [
    baseStyles,
    formStyles,
    css`
      fieldset.roles,
      fieldset.grants {
        margin: 0;
        min-width: 0;
        padding: 0;
        border: 0;
        display: grid;
        gap: var(--gap-2);
      }
      .roles legend,
      .grants legend {
        padding: 0;
        margin-bottom: var(--gap-1);
      }
      .roles label {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 var(--gap-3);
        align-items: center;
        min-height: 2.5rem;
      }
      .roles label input[type='radio'] {
        width: 1.1rem;
        height: 1.1rem;
        min-height: 0;
        margin: 0;
        accent-color: var(--accent);
      }
      .roles label > span {
        margin: 0;
        font-size: inherit;
        color: var(--ink);
      }
      .roles small {
        display: block;
        font-size: var(--text-s);
        font-weight: 400;
        color: var(--soft);
      }
      .until {
        max-width: 18rem;
      }
      .more {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
        justify-self: start;
      }
      .more svg {
        width: 1rem;
        height: 1rem;
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override connectedCallback() {
    super.connectedCallback();
    const rooms = store.areas.map((area) => area.id);
    this.initial = this.draft = this.person ? draftOf(this.person, rooms) : emptyPerson;
  }

  override firstUpdated() {
    this.renderRoot.querySelector('input')?.focus();
  }

  override render() {
    const {draft, person} = this;
    const hasEnd =
      draft.role !== 'owner' && (draft.role === 'guest' || draft.until || this.initial.until);
    return html`
      <form
        aria-label=${person ? S.changeOf(person.name) : S.adding}
        @submit=${this.save}
        @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.done()}
      >
        <div class="pair">
          <label>
            <span>${S.name}</span>
            <input
              name="name"
              required
              maxlength="80"
              autocomplete="off"
              .value=${draft.name}
              @input=${(event: Event) => this.set({name: textOf(event)})}
            />
          </label>
          ${person ? nothing : passwordField(S.firstPassword, 'password', 'new-password', this.shown)}
        </div>
        ${person ? nothing : showPassword(this.shown, (shown) => (this.shown = shown))}
        ${this.renderRoles()} ${hasEnd ? this.renderUntil() : nothing}
        ${draft.role === 'owner' ? nothing : this.renderGrants()}
        <p class="error" role="alert" ?hidden=${!this.fault}>${this.fault}</p>
        <div class="buttons">
          <button type="button" class="plain" @click=${() => this.done()}>
            ${strings.device.cancel}
          </button>
          <button class="main" ?disabled=${this.busy || !store.live}>
            ${person ? S.save : S.add}
          </button>
        </div>
      </form>
    `;
  }

  private renderRoles() {
    return html`
      <fieldset class="roles">
        <legend class="label">${S.role}</legend>
        ${roles.map(
          (role) => html`
            <label>
              <input
                type="radio"
                name="role"
                value=${role}
                .checked=${this.draft.role === role}
                @change=${() => this.set({role})}
              />
              <span>
                ${S.roles[role]}
                <small>${S.roleMeans[role]}</small>
              </span>
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  private renderUntil() {
    return html`
      <label class="until">
        <span>${S.until}</span>
        <input
          type="datetime-local"
          name="until"
          .value=${this.draft.until}
          @change=${(event: Event) => this.set({until: textOf(event)})}
        />
      </label>
    `;
  }

  private renderGrants() {
    const {role, grants} = this.draft;
    const isGuest = role === 'guest';
    const text = grants.length ? (isGuest ? '' : S.limitsText) : isGuest ? S.nothing : S.noLimits;
    return html`
      <fieldset class="grants">
        <legend class="label">${isGuest ? S.granted : S.limits}</legend>
        ${
          text
            ? html`
                <p class="small soft">${text}</p>
              `
            : nothing
        }
        ${grants.map(
          (grant, i) => html`
            <grant-field
              .draft=${grant}
              @draft=${(event: CustomEvent<GrantDraft>) => this.setGrant(i, event.detail)}
              @remove=${() => this.removeGrant(i)}
            ></grant-field>
          `,
        )}
        <button
          type="button"
          class="more"
          ?disabled=${grants.length >= most_grants}
          @click=${this.addGrant}
        >
          ${icon('plus')} ${isGuest || grants.length ? S.grantMore : S.limitMore}
        </button>
      </fieldset>
    `;
  }

  // --- The draft ---

  private set(part: Partial<PersonDraft>) {
    this.draft = {...this.draft, ...part};
    this.fault = '';
  }

  private setGrant(place: number, grant: GrantDraft) {
    this.set({grants: this.draft.grants.map((each, i) => (i === place ? grant : each))});
  }

  private async addGrant() {
    this.set({grants: [...this.draft.grants, emptyGrant]});
    await this.updateComplete;
    const fields = this.renderRoot.querySelectorAll<GrantField>('grant-field');
    const added = fields[fields.length - 1];
    await added?.updateComplete;
    added?.focus();
  }

  private removeGrant(place: number) {
    this.set({grants: this.draft.grants.filter((_, i) => i !== place)});
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLButtonElement>('.more')?.focus(),
    );
  }

  private async save(event: SubmitEvent) {
    event.preventDefault();
    this.fault = missingOf(this.draft);
    if (this.fault || this.busy) return;
    const form = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    try {
      this.done(await this.send(String(form.get('password') ?? '')));
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }

  private async send(password: string): Promise<Person> {
    const {person, draft} = this;
    if (!person) return api.addPerson({name: draft.name.trim(), password, ...rightsOf(draft)});
    const change = changeOf(person, this.initial, draft);
    return Object.keys(change).length ? api.changePerson(person.id, change) : person;
  }

  private done(person?: Person) {
    this.dispatchEvent(new CustomEvent('done', {detail: person}));
  }
}

function textOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}
