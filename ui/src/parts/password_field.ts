import {html, type TemplateResult} from 'lit';

import {strings} from '../strings';

export const longest_password = 200;

/** A field for a password in a form, by its name there. */
export function passwordField(
  label: string,
  name: string,
  autocomplete: 'new-password' | 'current-password',
  shown: boolean,
): TemplateResult {
  return html`
    <label>
      <span>${label}</span>
      <input
        name=${name}
        type=${shown ? 'text' : 'password'}
        required
        maxlength=${longest_password}
        autocomplete=${autocomplete}
        autocapitalize="off"
        spellcheck="false"
      />
    </label>
  `;
}

/** Whoever sets a password sees, where they want to, what they will have to type again. */
export function showPassword(shown: boolean, set: (shown: boolean) => void): TemplateResult {
  return html`
    <label class="check">
      <input
        type="checkbox"
        .checked=${shown}
        @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}
      />
      <span>${strings.people.show}</span>
    </label>
  `;
}
