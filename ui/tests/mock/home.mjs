// A home that lives in memory: enough of the hub's behaviour to develop and try the page without it.
import {areas, devices, moreDevices} from './devices.mjs';

const answer_ms = 250;

/** A cause as the API tells it, from who it was by: {by, id, event?, subject?}. */
function causeOf({by, id, event, subject}) {
    const causes = {
        api: {subject: {kind: 'hub', id}, via: 'cli'},
        device: {subject: {kind: 'device', id}},
        automation: {subject: {kind: 'automation', id}, via: 'rule'},
        person: {subject: {kind: 'person', id}, via: 'page'},
        sentence: {subject, via: 'sentence', said: id},
    };
    return {...causes[by], ...(event ? {event} : {})};
}

export class Home {
    constructor({more = false} = {}) {
        this.areas = areas;
        this.devices = [...devices(), ...(more ? moreDevices() : [])];
        this.events = [];
        this.commands = 0;
        this.rules = [];
        this.runs = [];
        this.tell = () => undefined; // what the live sockets hear
        for (const area of areas)
            this.record(
                'area_added',
                {by: 'api', id: 'home file'},
                {area: area.id, name: area.name},
            );
        for (const each of this.devices)
            this.record(
                'device_joined',
                {by: 'device', id: each.external_id},
                {device: each.id, name: each.name},
            );
        this.addRule({
            name: 'Light in the hall when somebody comes',
            mode: 'restart',
            triggers: [{device: 'motion', attribute: 'occupancy.occupied', to: true}],
            conditions: [],
            actions: [
                {device: 'hall', set: {'on_off.on': true}},
                {delay: '5min'},
                {device: 'hall', set: {'on_off.on': false}},
            ],
        });
        this.addRule({
            name: 'Evening scene',
            mode: 'single',
            triggers: [{sun: 'sunset', offset: '-15min'}],
            conditions: [],
            actions: [
                {device: 'lamp', set: {'level.percent': 40}},
                {device: 'curtain', set: {'cover.position': 0}},
            ],
        });
    }

    find(word) {
        return this.devices.find((each) => each.id === word || each.name === word);
    }

    listed(device) {
        const {id, name, area, type, online, aliases, reported, desired} = device;
        return {id, name, area, type, online, aliases, reported, desired};
    }

    record(kind, cause, fields) {
        const event = {
            id: this.events.length + 1,
            time: new Date().toISOString(),
            kind,
            cause: causeOf(cause),
            ...fields,
        };
        this.events.push(event);
        this.tell({kind: 'event', event});
        return event;
    }

    report(device, attributes, event) {
        for (const [path, value] of Object.entries(attributes)) {
            const [capability, attribute] = path.split('.');
            device.reported = {
                ...device.reported,
                [capability]: {...device.reported[capability], [attribute]: value},
            };
        }
        const cause = {by: 'device', id: device.id, ...(event ? {event} : {})};
        const reported = this.record('attribute_reported', cause, {device: device.id, attributes});
        this.tell({kind: 'device', device: this.listed(device)});
        this.trigger(device, attributes, reported);
        return reported;
    }

    command(device, set, cause) {
        const command = ++this.commands;
        const issued = this.record('command_issued', cause, {device: device.id, command, set});
        for (const [path, value] of Object.entries(set)) {
            const [capability, attribute] = path.split('.');
            device.desired = {
                ...device.desired,
                [capability]: {...device.desired[capability], [attribute]: value},
            };
        }
        this.tell({kind: 'device', device: this.listed(device)});
        if (device.online) setTimeout(() => this.obey(device, set, command, issued.id), answer_ms);
        return command;
    }

    obey(device, set, command, event) {
        const all = {...set};
        if ('level.percent' in set) all['on_off.on'] = true;
        if ('color.kelvin' in set) all['color.mode'] = 'temperature';
        if ('color.hue' in set) all['color.mode'] = 'hs';
        const reported = this.report(device, all, event);
        this.record(
            'command_settled',
            {by: 'device', id: device.id, event: reported.id},
            {device: device.id, command, settlement: 'confirmed'},
        );
    }

    // --- Rules ---

    addRule(definition) {
        const id = definition.name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
        const rule = {
            id,
            name: definition.name,
            enabled: true,
            mode: definition.mode,
            state: 'enabled',
            definition,
            last_run: null,
        };
        this.rules.push(rule);
        return rule;
    }

    trigger(device, attributes, event) {
        for (const rule of this.rules) {
            const hit = rule.definition.triggers.some((trigger) => {
                const value = attributes[trigger.attribute];
                if (trigger.device !== device.id || value === undefined) return false;
                return 'to' in trigger
                    ? value === trigger.to
                    : 'above' in trigger
                      ? value > trigger.above
                      : value < trigger.below;
            });
            if (hit && rule.state === 'enabled')
                this.run(rule, {by: 'automation', id: rule.id, event: event.id}, event);
        }
    }

    run(rule, cause, event) {
        const number = this.runs.length + 1;
        const text = event
            ? `${this.find(event.device)?.name} ${JSON.stringify(event.attributes)}`
            : 'by hand';
        const run = {
            run: number,
            automation: rule.id,
            name: rule.name,
            state: 'finished',
            cause,
            started: new Date().toISOString(),
            trigger: {text, event: event?.id},
            conditions: [],
            steps: [],
        };
        this.runs.push(run);
        const began = this.record('automation_run', cause, {
            automation: rule.id,
            run: number,
            name: rule.name,
            state: 'started',
        });
        const because = {by: 'automation', id: rule.id, event: began.id};
        for (const action of rule.definition.actions) {
            const step = {
                step: String(run.steps.length + 1),
                time: new Date().toISOString(),
                state: 'done',
                text: JSON.stringify(action),
            };
            run.steps.push(step);
            if (action.delay) {
                Object.assign(step, {state: 'waiting', text: `wait ${action.delay}`});
                run.state = 'running';
                break;
            }
            if (action.notify)
                this.record('notification', because, {
                    text: action.notify,
                    automation: rule.id,
                    run: number,
                    step: step.step,
                });
            if (action.set) this.doSet(action, step, because);
        }
        rule.last_run = {run: number, state: run.state, started: run.started};
        if (run.state === 'finished')
            this.record(
                'automation_run',
                {...because, event: began.id},
                {automation: rule.id, run: number, name: rule.name, state: 'finished'},
            );
        return number;
    }

    doSet(action, step, because) {
        const device = this.find(action.device ?? action.set.device);
        const set = action.device ? action.set : {[action.set.attribute]: action.set.value};
        this.command(device, set, because);
        step.text = `${device.name}: ${Object.entries(set)
            .map((pair) => pair.join(' = '))
            .join(', ')}`;
        step.settlement = 'confirmed';
    }

    // --- Sentences: three words of three languages, no more ---

    say(text, lang, subject) {
        const device = this.devices.find((each) =>
            [each.name, ...each.aliases].some((name) =>
                text.toLowerCase().includes(name.toLowerCase()),
            ),
        );
        const on = /\bon\b|打开|allume/i.test(text)
            ? true
            : /\boff\b|关|éteins/i.test(text)
              ? false
              : null;
        if (!device || on === null) {
            const reply = {
                en: 'Sorry, I did not understand that.',
                fr: "Désolé, je n'ai pas compris.",
                'zh-CN': '抱歉，我没有听懂。',
            }[lang];
            return {understood: false, reply, lang, intent: null, commands: []};
        }
        const cause = {by: 'sentence', id: text, subject};
        const command = this.command(device, {'on_off.on': on}, cause);
        const reply = {
            en: on ? 'Turned it on.' : 'Turned it off.',
            fr: on ? "C'est allumé." : "C'est éteint.",
            'zh-CN': on ? '已打开。' : '已关闭。',
        }[lang];
        return {
            understood: true,
            reply,
            lang,
            intent: on ? 'HassTurnOn' : 'HassTurnOff',
            commands: [command],
        };
    }
}
