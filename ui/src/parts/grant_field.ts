import {LitElement, css, html, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {baseStyles} from '../base_styles';
import {icon} from '../icons';
import {grantOf, type GrantDraft} from '../person_draft';
import {store} from '../state';
import {strings} from '../strings';
import type {Verb} from '../types';
import {grantText, kindText} from '../words/people';

const S = strings.people;
const verbs: Verb[] = ['see', 'use', 'open', 'arrange'];
const choices = Object.entries(S.verbs) as [Verb, string][];

/** One grant in a form: what may be done, where, with which kinds of device. Fires `draft` with what it
    comes to be, and `remove`. */
@customElement('grant-field')
export class GrantField extends LitElement {
  @property({attribute: false}) draft!: GrantDraft;

  static override styles = [
    baseStyles,
    css`
      fieldset {
        margin: 0;
        min-width: 0;
        padding: var(--gap-3) var(--gap-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--ground);
      }
      legend {
        float: left;
        width: calc(100% - 3rem);
        padding: 0;
        padding-top: 0.35rem;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .remove {
        float: right;
      }
      .parts {
        clear: both;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, max(13rem, 40%)), 1fr));
        gap: var(--gap-3) var(--gap-5);
        padding-top: var(--gap-2);
        align-items: start;
      }
      .verbs {
        grid-column: 1 / -1;
      }
      .checks {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--gap-4);
      }
      .checks label {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        min-height: 2.25rem;
        padding: 0.2rem 0;
      }
      .checks input {
        flex: none;
      }
      .checks label > span {
        margin: 0;
        font-size: inherit;
        font-weight: 400;
        color: var(--ink);
      }
    `,
  ];

  override render() {
    const {draft} = this;
    const text = grantText(grantOf(draft));
    return html`
      <fieldset>
        <legend>${this.isWhole() ? text : S.granted}</legend>
        <button
          type="button"
          class="plain icon remove"
          aria-label=${S.takeAwayOf(text)}
          title=${S.takeAway}
          @click=${() => this.dispatchEvent(new CustomEvent('remove'))}
        >
          ${icon('trash')}
        </button>
        <div class="parts">
          <div class="verbs" role="group" aria-labelledby="may">
            <p class="label" id="may">${S.may}</p>
            <div class="checks">
              ${choices.map(([verb, words]) => this.renderVerb(verb, words))}
            </div>
          </div>
          <div>
            ${this.renderScope(S.where, draft.everywhere, S.everywhere, S.someRooms, (everywhere) => this.set({everywhere}))}
            ${draft.everywhere ? nothing : this.renderRooms()}
          </div>
          <div>
            ${this.renderScope(S.what, draft.anything, S.everything, S.someKinds, (anything) => this.set({anything}))}
            ${draft.anything ? nothing : this.renderKinds()}
          </div>
        </div>
      </fieldset>
    `;
  }

  private isWhole(): boolean {
    const {everywhere, areas, anything, types} = this.draft;
    return (everywhere || areas.length > 0) && (anything || types.length > 0);
  }

  private renderVerb(verb: Verb, words: string) {
    return this.check(words, this.draft.verbs.includes(verb), (on) => {
      const chosen = verbs.filter((each) =>
        each === verb ? on : each === 'see' || this.draft.verbs.includes(each),
      );
      this.set({verbs: chosen});
    });
  }

  private renderScope(
    label: string,
    all: boolean,
    allText: string,
    someText: string,
    set: (all: boolean) => void,
  ) {
    return html`
      <label>
        <span>${label}</span>
        <select
          @change=${(event: Event) => set((event.target as HTMLSelectElement).value === 'all')}
        >
          <option value="all" .selected=${all}>${allText}</option>
          <option value="some" .selected=${!all}>${someText}</option>
        </select>
      </label>
    `;
  }

  private renderRooms() {
    if (!store.areas.length)
      return html`
        <p class="small soft">${S.noRooms}</p>
      `;
    const {areas} = this.draft;
    const rooms = [...store.areas].sort((one, other) => one.name.localeCompare(other.name));
    return this.renderChecks(
      S.rooms,
      rooms.map(({id, name}) => [id, name]),
      areas,
      (chosen) => this.set({areas: chosen}),
    );
  }

  private renderKinds() {
    const {types} = this.draft;
    const known = new Set([...store.devices.map((device) => device.type), ...types]);
    const kinds = [...known].map((type): [string, string] => [type, kindText(type)]);
    kinds.sort(([, one], [, other]) => one.localeCompare(other));
    return this.renderChecks(S.kindsOfDevice, kinds, types, (chosen) => this.set({types: chosen}));
  }

  private renderChecks(
    label: string,
    options: [word: string, text: string][],
    chosen: string[],
    set: (chosen: string[]) => void,
  ) {
    return html`
      <div class="checks" role="group" aria-label=${label}>
        ${options.map(([word, text]) =>
          this.check(text, chosen.includes(word), (on) =>
            set(on ? [...chosen, word] : chosen.filter((each) => each !== word)),
          ),
        )}
      </div>
    `;
  }

  private check(text: string, on: boolean, set: (on: boolean) => void) {
    return html`
      <label>
        <input
          type="checkbox"
          .checked=${on}
          @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}
        />
        <span>${text}</span>
      </label>
    `;
  }

  override focus() {
    this.renderRoot.querySelector('input')?.focus();
  }

  private set(part: Partial<GrantDraft>) {
    this.dispatchEvent(new CustomEvent('draft', {detail: {...this.draft, ...part}}));
  }
}
