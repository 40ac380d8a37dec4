import {html, nothing, type TemplateResult} from 'lit';

import {strings} from '../strings';

/** A choice of one of several. What is not known is none of them: then an empty entry stands first, so
    that each of the others can be chosen. */
export function choiceOf(
  name: string,
  options: [value: string, text: string][],
  value: string | undefined,
  disabled: boolean,
  choose: (value: string) => void,
): TemplateResult {
  const isKnown = options.some(([option]) => option === value);
  const onChange = (event: Event) => {
    const chosen = (event.target as HTMLSelectElement).value;
    if (chosen) choose(chosen);
  };
  return html`
    <select aria-label=${name} ?disabled=${disabled} @change=${onChange}>
      ${
        isKnown
          ? nothing
          : html`
              <option value="" .selected=${true}>${strings.device.unknownValue}</option>
            `
      }
      ${options.map(
        ([option, text]) => html`
          <option value=${option} .selected=${option === value}>${text}</option>
        `,
      )}
    </select>
  `;
}
