import type {Definition, Json, Trigger} from './types';

/** What the builder's form holds. Pure: from a draft to the definition that the API takes. */
export interface Draft {
  name: string;
  when: 'device' | 'time' | 'sun';
  device: string;
  attribute: string;
  test: 'to' | 'above' | 'below';
  value: Json;
  heldMinutes: number;
  time: string;
  sun: 'sunset' | 'sunrise';
  offsetMinutes: number;
  then: 'set' | 'notify';
  setDevice: string;
  setAttribute: string;
  setValue: Json;
  message: string;
  undo: boolean;
  undoMinutes: number;
}

export const emptyDraft: Draft = {
  name: '',
  when: 'device',
  device: '',
  attribute: '',
  test: 'to',
  value: true,
  heldMinutes: 0,
  time: '07:30',
  sun: 'sunset',
  offsetMinutes: 0,
  then: 'set',
  setDevice: '',
  setAttribute: '',
  setValue: true,
  message: '',
  undo: false,
  undoMinutes: 5,
};

function triggerOf(draft: Draft): Trigger {
  if (draft.when === 'time') return {time: draft.time};
  if (draft.when === 'sun') {
    const {sun, offsetMinutes} = draft;
    return offsetMinutes ? {sun, offset: `${offsetMinutes}min`} : {sun};
  }
  const trigger: Trigger = {device: draft.device, attribute: draft.attribute};
  if (draft.test === 'to') trigger.to = draft.value;
  else trigger[draft.test] = Number(draft.value);
  if (draft.heldMinutes > 0) trigger.for = `${draft.heldMinutes}min`;
  return trigger;
}

/** The one place that knows how an action is written. */
export function setAction(device: string, attribute: string, value: Json) {
  return {device, set: {[attribute]: value}};
}

export function definitionOf(draft: Draft): Definition {
  const set = (value: Json) => setAction(draft.setDevice, draft.setAttribute, value);
  const back = draft.then === 'set' && draft.undo && typeof draft.setValue === 'boolean';
  return {
    name: draft.name.trim(),
    mode: back ? 'restart' : 'single',
    triggers: [triggerOf(draft)],
    conditions: [],
    actions: [
      draft.then === 'notify' ? {notify: draft.message} : set(draft.setValue),
      ...(back ? [{delay: `${draft.undoMinutes}min`}, set(!draft.setValue)] : []),
    ],
  };
}
