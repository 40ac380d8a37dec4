import {LitElement, css, html, nothing} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {api} from '../api';
import {baseStyles} from '../base_styles';
import {specOf} from '../device_shape';
import {icon} from '../icons';
import {valueField} from '../parts/value_field';
import {links} from '../router';
import {definitionOf, emptyDraft, type Draft} from '../rule_draft';
import {
  completed,
  isNumber,
  settableDevices,
  settablePaths,
  triggerDevices,
  triggerPaths,
  withSetting,
  withTrigger,
} from '../rule_options';
import {StoreController, store, type DeviceView} from '../state';
import {strings} from '../strings';
import {plain} from '../words/parts';
import {ruleParts} from '../words/rules';
import {labelOf} from '../words/values';

const S = strings.builder;

/** A new rule: one trigger → one action, with the sentence that it makes. */
@customElement('rule-builder')
export class RuleBuilder extends LitElement {
  @state() private draft: Draft = {...emptyDraft};
  @state() private fault = '';
  @state() private busy = false;

  static override styles = [
    baseStyles,
    css`
      header {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        margin-bottom: var(--gap-4);
      }
      form {
        display: grid;
        gap: var(--gap-4);
        max-width: 46rem;
      }
      fieldset {
        margin: 0;
        min-width: 0;
        padding: var(--gap-4);
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
        gap: var(--gap-3) var(--gap-4);
        align-items: end;
      }
      legend {
        float: left;
        grid-column: 1 / -1;
        padding: 0;
        font-size: var(--text-l);
        font-weight: 620;
      }
      .check {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        min-height: 2.5rem;
      }
      .check > span {
        margin: 0;
      }
      .check input:not([type='checkbox']) {
        width: 4.5rem;
      }
      .whole {
        grid-column: 1 / -1;
      }
      .words {
        padding: var(--gap-3) var(--gap-4);
        border-radius: var(--radius-m);
        background: var(--accent-wash);
        font-weight: 550;
      }
      .buttons {
        display: flex;
        gap: var(--gap-2);
        justify-content: flex-end;
        align-items: center;
      }
    `,
  ];

  constructor() {
    super();
    new StoreController(this);
  }

  override willUpdate() {
    this.draft = completed(this.draft);
  }

  override render() {
    return html`
      <header>
        <a href=${links.rules} aria-label=${strings.rule.title}>${icon('back')}</a>
        <h1>${S.title}</h1>
      </header>
      <form @submit=${this.save}>
        <label>
          <span>${S.name}</span>
          <input
            name="name"
            required
            maxlength="100"
            autocomplete="off"
            .value=${this.draft.name}
            @input=${(event: Event) => this.set({name: text(event)})}
          />
        </label>
        <fieldset class="panel">
          <legend>${strings.rule.when}</legend>
          ${this.renderWhen()}
        </fieldset>
        <fieldset class="panel">
          <legend>${strings.rule.then}</legend>
          ${this.renderThen()}
        </fieldset>
        <p class="words" data-part="words">${this.words()}</p>
        <div class="buttons">
          <p class="error" role="alert" ?hidden=${!this.fault}>${this.fault}</p>
          <a href=${links.rules}>${S.cancel}</a>
          <button class="main" ?disabled=${this.busy || !store.live}>${S.save}</button>
        </div>
      </form>
    `;
  }

  private renderWhen() {
    const {draft} = this;
    return html`
      ${choice(S.whenKind, draft.when, Object.entries(S.kinds), (when) => this.set({when: when as Draft['when']}))}
      ${draft.when === 'device' ? this.renderDeviceTrigger() : nothing}
      ${
        draft.when === 'time'
          ? html`
              <label>
                <span>${S.time}</span>
                <input
                  type="time"
                  required
                  .value=${draft.time}
                  @input=${(event: Event) => this.set({time: text(event)})}
                />
              </label>
            `
          : nothing
      }
      ${
        draft.when === 'sun'
          ? html`
              ${choice(S.sun, draft.sun, Object.entries(S.suns), (sun) => this.set({sun: sun as Draft['sun']}))}
              <label>
                <span>${S.offset}</span>
                <input
                  type="number"
                  min="-720"
                  max="720"
                  .value=${String(draft.offsetMinutes)}
                  @input=${(event: Event) => this.set({offsetMinutes: Number(text(event))})}
                />
              </label>
            `
          : nothing
      }
    `;
  }

  private renderDeviceTrigger() {
    const {draft} = this;
    const spec = specOf(store.wantDetails(draft.device), draft.attribute);
    const counts = isNumber(spec);
    return html`
      ${choice(S.device, draft.device, names(triggerDevices()), (device) => this.set({device, attribute: ''}))}
      ${choice(S.attribute, draft.attribute, labels(draft.device, triggerPaths(draft.device)), (attribute) => (this.draft = withTrigger(draft, attribute)))}
      ${
        counts
          ? choice(S.test, draft.test, Object.entries(S.tests), (test) =>
              this.set({test: test as Draft['test']}),
            )
          : nothing
      }
      ${valueField(counts ? S.value : S.becomes, draft.attribute, spec, draft.value, (value) => this.set({value}))}
      <label>
        <span>${S.held}</span>
        <input
          type="number"
          min="0"
          max="10000"
          step="any"
          .value=${String(draft.heldMinutes)}
          @input=${(event: Event) => this.set({heldMinutes: Number(text(event))})}
        />
      </label>
    `;
  }

  private renderThen() {
    const {draft} = this;
    return html`
      ${choice(S.thenKind, draft.then, Object.entries(S.actions), (then) => this.set({then: then as Draft['then']}))}
      ${
        draft.then === 'notify'
          ? html`
              <label class="whole">
                <span>${S.message}</span>
                <input
                  required
                  maxlength="300"
                  .value=${draft.message}
                  @input=${(event: Event) => this.set({message: text(event)})}
                />
              </label>
            `
          : this.renderSet()
      }
    `;
  }

  private renderSet() {
    const {draft} = this;
    const spec = specOf(store.wantDetails(draft.setDevice), draft.setAttribute);
    return html`
      ${choice(S.setDevice, draft.setDevice, names(settableDevices()), (setDevice) => this.set({setDevice, setAttribute: ''}))}
      ${choice(
        S.setAttribute,
        draft.setAttribute,
        labels(draft.setDevice, settablePaths(draft.setDevice)),
        (path) => (this.draft = withSetting(draft, path)),
      )}
      ${valueField(S.setValue, draft.setAttribute, spec, draft.setValue, (setValue) => this.set({setValue}))}
      ${
        typeof draft.setValue === 'boolean'
          ? html`
              <label class="check whole">
                <input
                  type="checkbox"
                  .checked=${draft.undo}
                  @change=${(event: Event) => this.set({undo: (event.target as HTMLInputElement).checked})}
                />
                <span>${S.undo}</span>
                <input
                  type="number"
                  min="0.05"
                  max="10000"
                  step="any"
                  aria-label=${S.undoMinutes}
                  ?disabled=${!draft.undo}
                  .value=${String(draft.undoMinutes)}
                  @input=${(event: Event) => this.set({undoMinutes: Number(text(event))})}
                />
                <span>${S.minutes}</span>
              </label>
            `
          : nothing
      }
    `;
  }

  private words(): string {
    const {when, then} = ruleParts(definitionOf(this.draft));
    return `${strings.rule.when} ${when.map(plain).join(', ')} → ${then.map(plain).join(', ')}`;
  }

  // --- The draft ---

  private set(part: Partial<Draft>) {
    this.draft = {...this.draft, ...part};
  }

  private async save(event: SubmitEvent) {
    event.preventDefault();
    this.busy = true;
    this.fault = '';
    try {
      const rule = await api.addRule(definitionOf(this.draft));
      await store.loadRules();
      location.hash = links.rule(rule.id);
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }
}

function text(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

function names(devices: DeviceView[]): [string, string][] {
  return devices.map((device) => [device.id, device.name]);
}

function labels(id: string, paths: string[]): [string, string][] {
  const names = store.device(id)?.labels;
  return paths.map((path) => [path, labelOf(path, names)]);
}

function choice(
  label: string,
  value: string,
  options: [string, string][],
  set: (value: string) => void,
) {
  return html`
    <label>
      <span>${label}</span>
      <select
        aria-label=${label}
        @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}
      >
        ${options.map(
          ([each, name]) => html`
            <option value=${each} .selected=${each === value}>${name}</option>
          `,
        )}
      </select>
    </label>
  `;
}
