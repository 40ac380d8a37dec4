/** Where the page is, kept in the address after '#', so that every cause can be a plain link. */
export type Route =
  | {page: 'home'}
  | {page: 'activity'}
  | {page: 'event'; id: number}
  | {page: 'device'; id: string}
  | {page: 'rules'; id?: string}
  | {page: 'new-rule'}
  | {page: 'run'; id: number}
  | {page: 'people'}
  | {page: 'nowhere'};

export const links = {
  home: '#/',
  activity: '#/activity',
  rules: '#/rules',
  newRule: '#/rules/+',
  people: '#/people',
  event: (id: number) => `#/events/${id}`,
  device: (id: string) => `#/devices/${encodeURIComponent(id)}`,
  rule: (id: string) => `#/rules/${encodeURIComponent(id)}`,
  run: (id: number) => `#/runs/${id}`,
};

export function readRoute(hash = location.hash): Route {
  const [start, page = '', rest = '', ...more] = hash.replace(/^#/, '').split('/');
  const word = decoded(rest);
  if (start || word === undefined || more.length) return {page: 'nowhere'};
  if (page === '' && word === '') return {page: 'home'};
  if (page === 'activity') return {page};
  if (page === 'people' && !word) return {page};
  if (page === 'events' && Number(word) > 0) return {page: 'event', id: Number(word)};
  if (page === 'devices' && word) return {page: 'device', id: word};
  if (page === 'rules' && word === '+') return {page: 'new-rule'};
  if (page === 'rules') return word ? {page, id: word} : {page};
  if (page === 'runs' && Number(word) > 0) return {page: 'run', id: Number(word)};
  return {page: 'nowhere'};
}

/** An address may hold anything: somebody typed it, or something cut it. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
