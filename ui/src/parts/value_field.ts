import {html, type TemplateResult} from 'lit';

import type {AttributeSpec, Json} from '../types';
import {valueText} from '../words/values';

/** A field for a value of an attribute: a choice of its states, or a number with its unit. */
export function valueField(
  label: string,
  path: string,
  spec: AttributeSpec | undefined,
  value: Json,
  set: (value: Json) => void,
): TemplateResult {
  const states: Json[] | undefined =
    spec?.type === 'boolean' ? [true, false] : spec?.type === 'enum' ? spec.options : undefined;
  if (states) {
    return html`
      <label>
        <span>${label}</span>
        <select
          aria-label=${label}
          @change=${(event: Event) => set(states[(event.target as HTMLSelectElement).selectedIndex] ?? null)}
        >
          ${states.map(
            (state) => html`
              <option value=${String(state)} .selected=${state === value}>
                ${valueText(path, state)}
              </option>
            `,
          )}
        </select>
      </label>
    `;
  }
  const isNumber = spec?.type !== 'text';
  const unit = spec?.unit ? ` (${spec.unit})` : '';
  return html`
    <label>
      <span>${label}${unit}</span>
      <input
        required
        type=${isNumber ? 'number' : 'text'}
        step="any"
        min=${spec?.min ?? ''}
        max=${spec?.max ?? ''}
        .value=${String(value ?? '')}
        @input=${(event: Event) => {
          const text = (event.target as HTMLInputElement).value;
          set(isNumber ? Number(text) : text);
        }}
      />
    </label>
  `;
}

/** A value to begin with for an attribute. */
export function firstValue(spec: AttributeSpec | undefined): Json {
  if (spec?.type === 'boolean') return true;
  if (spec?.type === 'enum') return spec.options?.[0] ?? '';
  if (spec?.type === 'text') return '';
  const {min = 0, max = 100} = spec ?? {};
  return min >= 0 && max <= 100 ? Math.round((min + max) / 2) : min > 0 ? min : 20;
}
