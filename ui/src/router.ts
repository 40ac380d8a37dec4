/** Where the page is, kept in the address after '#', so that every cause can be a plain link. */
export type Route =
  | {page: 'home'}
  | {page: 'activity'}
  | {page: 'event'; id: number}
  | {page: 'device'; id: string}
  | {page: 'rules'; id?: string}
  | {page: 'new-rule'}
  | {page: 'run'; id: number};

export const links = {
  home: '#/',
  activity: '#/activity',
  rules: '#/rules',
  newRule: '#/rules/+',
  event: (id: number) => `#/events/${id}`,
  device: (id: string) => `#/devices/${encodeURIComponent(id)}`,
  rule: (id: string) => `#/rules/${encodeURIComponent(id)}`,
  run: (id: number) => `#/runs/${id}`,
};

export function readRoute(hash = location.hash): Route {
  const [, page = '', rest = ''] = hash.replace(/^#/, '').split('/');
  const word = decodeURIComponent(rest);
  if (page === 'activity') return {page};
  if (page === 'events' && Number(word) > 0) return {page: 'event', id: Number(word)};
  if (page === 'devices' && word) return {page: 'device', id: word};
  if (page === 'rules' && word === '+') return {page: 'new-rule'};
  if (page === 'rules') return word ? {page, id: word} : {page};
  if (page === 'runs' && Number(word) > 0) return {page: 'run', id: Number(word)};
  return {page: 'home'};
}
