// The hub's catalogue as far as the page reads it, out of the file that the hub is built with.
import {readFileSync} from 'node:fs';

const text = readFileSync(
    new URL('../../../catalog/device_types.yaml', import.meta.url),
    'utf8',
).replace(/^\s*#.*\n/gm, '');
const listAfter = (key, part) =>
    new RegExp(`\\b${key}: \\[([^\\]]*)\\]`).exec(part)?.[1].split(/,\s*/) ?? [];

const types = text.slice(text.indexOf('types:\n') + 7, text.indexOf('\ndomains:'));
export const catalogue = {
    device_types: Object.fromEntries(
        types.split(/^ {2}(?=\w)/m).flatMap((part) => {
            const [, name, icon] = /^(\w+):\s*\{?\s*icon: (\w+)/.exec(part) ?? [];
            const plural = /plural: ([\w ]+)/.exec(part)?.[1];
            const primary = /primary: ([\w.]+)/.exec(part)?.[1];
            return name ? [[name, {icon, plural, primary, domains: listAfter('domains', part)}]] : [];
        }),
    ),
    readings: listAfter('readings', text),
    capabilities: {},
};
