import {LitElement, html, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {api} from '../api';
import {baseStyles} from '../base_styles';
import {store} from '../state';
import {strings} from '../strings';
import type {Person} from '../types';
import {formStyles} from './form_styles';
import {passwordField, showPassword} from './password_field';

const S = strings.people;

/** Another password: one's own, with the old one, or one that somebody else has forgotten. Escape leaves;
    fires `done`, with true where it was set. */
@customElement('password-form')
export class PasswordForm extends LitElement {
  @property({attribute: false}) person!: Person;
  @property({type: Boolean}) own = false;
  @state() private fault = '';
  @state() private busy = false;
  @state() private shown = false;

  static override styles = [baseStyles, formStyles];

  override firstUpdated() {
    this.renderRoot.querySelector('input')?.focus();
  }

  override render() {
    const label = this.own ? S.ownPassword : S.passwordOf(this.person.name);
    return html`
      <form
        aria-label=${label}
        @submit=${this.save}
        @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.done(false)}
      >
        <div class="pair">
          ${this.own ? passwordField(S.oldPassword, 'old', 'current-password', this.shown) : nothing}
          ${passwordField(S.newPassword, 'new', 'new-password', this.shown)}
        </div>
        ${showPassword(this.shown, (shown) => (this.shown = shown))}
        <p class="error" role="alert" ?hidden=${!this.fault}>${this.fault}</p>
        <div class="buttons">
          <button type="button" class="plain" @click=${() => this.done(false)}>
            ${strings.device.cancel}
          </button>
          <button class="main" ?disabled=${this.busy || !store.live}>${S.save}</button>
        </div>
      </form>
    `;
  }

  private async save(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const old = this.own ? String(form.get('old')) : undefined;
    this.busy = true;
    this.fault = '';
    try {
      await api.setPassword(this.person.id, String(form.get('new')), old);
      this.done(true);
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }

  private done(isSet: boolean) {
    this.dispatchEvent(new CustomEvent('done', {detail: isSet}));
  }
}
