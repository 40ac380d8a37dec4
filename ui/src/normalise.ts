import type {Cause, Definition, Json, Outcome, Rule, Trace} from './types';

type Loose = Record<string, Json>;

const asMap = (value: Json | undefined): Loose =>
  value && typeof value === 'object' && !Array.isArray(value) ? value : {};
const asList = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const asText = (value: Json | undefined): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

function readOutcome(run: Loose): Outcome {
  return {
    state: asText(run.state),
    stepsTotal: Number(run.steps_total ?? 0),
    stepsFailed: Number(run.steps_failed ?? 0),
    stepsUnanswered: Number(run.steps_unanswered ?? 0),
  };
}

/** A rule as the API lists it; a rule that came without its definition is shown by its name alone. */
export function readRule(value: Loose): Rule {
  const run = asMap(value.last_run);
  const definition = asMap(value.definition);
  const id = Number(run.id ?? run.run ?? 0);
  return {
    id: asText(value.id),
    name: asText(value.name),
    enabled: value.state === 'enabled' || value.state === 'waiting',
    state: asText(value.state),
    detail: asText(value.detail),
    definition: {
      name: asText(value.name),
      ...definition,
      triggers: asList(definition.triggers),
      conditions: asList(definition.conditions),
      actions: asList(definition.actions),
    } as unknown as Definition,
    lastRun: id ? {id, time: asText(run.time ?? run.started), ...readOutcome(run)} : null,
  };
}

function operandsText(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(operandsText).join(', ');
  if (value && typeof value === 'object') {
    return Object.entries(value)
      .map(([name, operand]) => `${name} = ${asText(operand)}`)
      .join(', ');
  }
  return asText(value);
}

/** A run with its explanation. */
export function readTrace(value: Loose): Trace {
  const trigger = asMap(value.trigger);
  const event = Number(trigger.event ?? asMap(value.cause).event ?? 0);
  return {
    id: Number(value.id ?? value.run ?? 0),
    rule: asText(value.automation),
    name: asText(value.name),
    ...readOutcome(value),
    time: asText(value.started ?? value.time),
    triggerText: typeof value.trigger === 'string' ? value.trigger : asText(trigger.text),
    triggerEvent: event || null,
    cause: value.cause ? (asMap(value.cause) as unknown as Cause) : null,
    conditions: asList(value.conditions).map((each) => {
      const condition = asMap(each);
      return {
        text: asText(condition.text),
        operands: operandsText(condition.operands),
        result: condition.result === true,
      };
    }),
    steps: asList(value.steps).map((each) => {
      const step = asMap(each);
      return {
        path: asText(step.step),
        time: asText(step.time),
        text: asText(step.text ?? step.action),
        result: asText(step.settlement ?? step.state ?? step.result),
        detail: asText(step.detail),
        isCommand: Boolean(step.command),
      };
    }),
  };
}
