// usage: node tests/mock/server.mjs [PORT] [--claimed] [--more]
//
// Development only: serves build/ui and plays the hub's API over a home in memory. With --claimed
// the first person exists (name Ann, password hearthhearth); with --more the home has every control.
import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';

import {catalogue} from './catalogue.mjs';
import {Home} from './home.mjs';
import {accept} from './websocket.mjs';

const types = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.webmanifest': 'application/manifest+json',
};
const root = join(fileURLToPath(import.meta.url), '../../../../build/ui');
const policy = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

export const code = 'ABCD-2345';

export function startMock({port = 0, claimed = false, more = false} = {}) {
    const home = new Home({more});
    const peers = new Set();
    const owner = {role: 'owner', until: null, grants: []};
    const people = claimed ? [{id: 'ann', name: 'Ann', password: 'hearthhearth', ...owner}] : [];
    let person = people[0] ?? null;
    home.tell = (message) => peers.forEach((peer) => peer.send(JSON.stringify(message)));

    const signedIn = (request) => /session=yes/.test(request.headers.cookie ?? '') && person;
    const sessionOf = (someone) => ({
        claimed: Boolean(person),
        person: someone ? shown(someone) : null,
        version: 'mock',
    });
    const shown = ({password: _, ...rest}) => rest;
    const cookie = {'Set-Cookie': 'session=yes; HttpOnly; SameSite=Strict; Path=/; Max-Age=3600'};
    const problem = (status, code_, detail) => [
        status,
        {type: 'about:blank', title: code_, status, code: code_, detail},
    ];

    const open = {
        'GET /session': (request) => [200, sessionOf(signedIn(request))],
        'POST /claim': (_, body) => {
            if (person) return problem(409, 'conflict', 'this home is claimed already');
            if (body.code !== code) return problem(403, 'forbidden', 'this is not the claim code');
            const {name, password} = body;
            person = {id: name.toLowerCase(), name, password, ...owner};
            people.push(person);
            return [201, sessionOf(person), cookie];
        },
        'POST /session': (_, body) =>
            person?.name === body.name && person.password === body.password
                ? [200, sessionOf(person), cookie]
                : problem(403, 'forbidden', 'name or password is wrong'),
    };

    const closed = [
        ['DELETE /session', () => [204, null, {'Set-Cookie': 'session=; Max-Age=0; Path=/'}]],
        ['GET /persons', () => [200, people.map(shown)]],
        [
            'POST /persons',
            (body) => {
                people.push({...body, id: body.name.toLowerCase()});
                return [201, shown(people.at(-1))];
            },
        ],
        [
            'PATCH /persons/([^/]+)',
            (id, body) => [
                200,
                shown(
                    Object.assign(
                        people.find((each) => each.id === id),
                        body,
                    ),
                ),
            ],
        ],
        [
            'DELETE /persons/([^/]+)',
            (id) => {
                people.splice(
                    people.findIndex((each) => each.id === id),
                    1,
                );
                return [204, null];
            },
        ],
        ['PUT /persons/([^/]+)/password', () => [204, null]],
        [
            'GET /devices/([^/]+)',
            (id) => {
                const found = home.find(id);
                return found
                    ? [200, {...found, sources: null, events: []}]
                    : problem(404, 'not_found', `no device "${id}"`);
            },
        ],
        [
            'PATCH /devices/([^/]+)',
            (id, body) => {
                const found = home.find(id);
                if (
                    body.name &&
                    home.devices.some((each) => each !== found && each.name === body.name)
                )
                    return problem(409, 'conflict', `another device is called "${body.name}"`);
                Object.assign(found, body);
                home.record(
                    'device_edited',
                    {by: 'person', id: person.id},
                    {device: found.id, name: found.name, area: found.area, aliases: []},
                );
                home.tell({kind: 'device', device: home.listed(found)});
                return [200, home.listed(found)];
            },
        ],
        [
            'DELETE /devices/([^/]+)/desired/(.+)',
            (id, path) => {
                const found = home.find(id);
                const [capability, attribute] = path.split('.');
                const {[attribute]: _, ...rest} = found.desired[capability] ?? {};
                found.desired = {...found.desired, [capability]: rest};
                home.tell({kind: 'device', device: home.listed(found)});
                return [200, home.listed(found)];
            },
        ],
        [
            'POST /devices/([^/]+)/commands',
            (id, body) => [
                202,
                {
                    command: home.command(home.find(id), body.set, {by: 'person', id: person.id}),
                    settlement: null,
                },
            ],
        ],
        ['GET /catalog', () => [200, catalogue]],
        ['GET /automations', () => [200, home.rules]],
        ['POST /automations', (body) => [201, home.addRule(body)]],
        [
            'PATCH /automations/([^/]+)',
            (id, body) => {
                const rule = home.rules.find((known) => known.id === id);
                rule.state = body.enabled ? 'enabled' : 'disabled';
                return [200, rule];
            },
        ],
        [
            'DELETE /automations/([^/]+)',
            (id) => {
                home.rules = home.rules.filter((rule) => rule.id !== id);
                return [204, null];
            },
        ],
        [
            'POST /automations/([^/]+)/run',
            (id) => [
                200,
                {
                    run: home.run(
                        home.rules.find((rule) => rule.id === id),
                        {by: 'person', id: person.id},
                    ),
                },
            ],
        ],
        [
            'GET /automations/([^/]+)/runs',
            (id) => [200, {runs: home.runs.filter((run) => run.automation === id).reverse()}],
        ],
        [
            'GET /runs/([^/]+)',
            (id) => {
                const found = home.runs.find((run) => String(run.run) === id);
                return found ? [200, found] : problem(404, 'not_found', `no run ${id}`);
            },
        ],
        [
            'POST /conversation',
            (body) => [200, home.say(body.text, body.lang, {kind: 'person', id: person.id})],
        ],
    ];

    function events(query) {
        const before = Number(query.get('before') ?? Infinity);
        const page = home.events
            .filter((event) => event.id < before)
            .slice(-Number(query.get('limit') ?? 100));
        return [200, {events: page, oldest: 1, last: home.events.length}];
    }

    function answer(request, path, query, body) {
        const word = `${request.method} ${path}`;
        if (open[word]) return open[word](request, body);
        if (!signedIn(request)) return problem(401, 'unauthorized', 'sign in first');
        if (word === 'GET /events') return events(query);
        for (const [pattern, handle] of closed) {
            const match = new RegExp(`^${pattern}$`).exec(word);
            if (match) return handle(...match.slice(1).map(decodeURIComponent), body);
        }
        return problem(404, 'not_found', 'no such thing');
    }

    const server = createServer(async (request, response) => {
        const url = new URL(request.url, 'http://mock');
        let text = '';
        for await (const chunk of request) text += chunk;
        if (url.pathname.startsWith('/api/v1')) {
            const [status, value, headers = {}] = answer(
                request,
                url.pathname.slice(7),
                url.searchParams,
                text ? JSON.parse(text) : undefined,
            );
            response.writeHead(status, {'Content-Type': 'application/json', ...headers});
            return response.end(value === null ? undefined : JSON.stringify(value));
        }
        const path = url.pathname === '/' ? '/index.html' : normalize(url.pathname);
        try {
            const file = await readFile(join(root, path));
            response.writeHead(200, {
                'Content-Type': types[extname(path)] ?? 'application/octet-stream',
                'Content-Security-Policy': policy,
            });
            response.end(file);
        } catch {
            response.writeHead(404).end();
        }
    });

    server.on('upgrade', (request, socket) => {
        if (!signedIn(request)) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        const peer = accept(request, socket);
        const since = new URL(request.url, 'http://mock').searchParams.get('since');
        if (since === null)
            peer.send(
                JSON.stringify({
                    kind: 'snapshot',
                    event: home.events.length,
                    devices: home.devices.map((each) => home.listed(each)),
                    areas: home.areas,
                }),
            );
        else
            home.events
                .filter((event) => event.id > Number(since))
                .forEach((event) => peer.send(JSON.stringify({kind: 'event', event})));
        peers.add(peer);
        peer.onClose = () => peers.delete(peer);
        peer.drop = () => socket.destroy();
    });

    const heart = setInterval(
        () =>
            home.tell({
                kind: 'heartbeat',
                event: home.events.length,
                time: new Date().toISOString(),
            }),
        5000,
    );

    return new Promise((resolve) => {
        server.listen(port, '127.0.0.1', () =>
            resolve({
                home,
                url: `http://127.0.0.1:${server.address().port}`,
                dropAll: () => peers.forEach((peer) => peer.drop()),
                close: () => (
                    clearInterval(heart),
                    server.closeAllConnections(),
                    peers.forEach((peer) => peer.drop()),
                    server.close()
                ),
            }),
        );
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const words = process.argv.slice(2);
    const mock = await startMock({
        port: Number(words.find((word) => /^\d+$/.test(word)) ?? 8090),
        claimed: words.includes('--claimed'),
        more: words.includes('--more'),
    });
    console.log(`mock at ${mock.url}, claim code ${code}`);
}
