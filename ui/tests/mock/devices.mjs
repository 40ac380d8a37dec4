// The demo home, and a few devices more so that every control has something to show.
const percent = {type: 'number', unit: '%', min: 0, max: 100, write: true};
const readOnly = (unit, min = 0, max = 100) => ({type: 'number', unit, min, max, write: false});
const on = {on: {type: 'boolean', write: true}};
const battery = {percent: readOnly('%')};

function device(id, name, area, type, reported, capabilities, more = {}) {
    return {
        id,
        name,
        area,
        type,
        online: true,
        aliases: [],
        reported,
        desired: {},
        capabilities,
        manufacturer: 'hearth simulator',
        model: 'Demo',
        version: '1.0.4',
        adapter: 'mqtt_discovery',
        external_id: `demo-${id}`,
        joined: '2026-11-01T08:00:00.000000Z',
        ...more,
    };
}

export const areas = [
    {id: 'bedroom', name: 'Bedroom', floor: 'Upper floor', aliases: ['卧室', 'Chambre']},
    {id: 'hall', name: 'Hall', floor: 'Ground floor', aliases: ['门厅', 'Entrée']},
    {id: 'kitchen', name: 'Kitchen', floor: 'Ground floor', aliases: ['厨房', 'Cuisine']},
    {id: 'living_room', name: 'Living room', floor: 'Ground floor', aliases: ['客厅', 'Salon']},
];

export const devices = () => [
    device(
        'lamp',
        'Living room lamp',
        'Living room',
        'light',
        {
            color: {
                hue: 30,
                kelvin: 2703,
                mode: 'temperature',
                saturation: 60,
                x: 0.4458,
                y: 0.4055,
            },
            level: {percent: 40},
            on_off: {on: true},
            untyped: {linkquality: 109},
        },
        {
            color: {
                hue: {...percent, unit: '°', max: 360},
                kelvin: {type: 'number', unit: 'K', min: 2000, max: 6536, write: true},
                saturation: percent,
                mode: {type: 'enum', options: ['hs', 'xy', 'temperature'], write: false},
            },
            level: {percent},
            on_off: on,
            untyped: {linkquality: readOnly('lqi', 0, 255)},
        },
        {aliases: ['Floor lamp', '客厅灯', 'Lampe du salon']},
    ),
    device(
        'motion',
        'Hall motion',
        'Hall',
        'motion_sensor',
        {
            battery: {percent: 9},
            illuminance: {lux: 3},
            occupancy: {occupied: false},
            untyped: {linkquality: 66},
        },
        {
            battery,
            illuminance: {lux: readOnly('lx', 0, 1e6)},
            occupancy: {occupied: {type: 'boolean', write: false}},
        },
    ),
    device(
        'thermometer',
        'Bedroom thermometer',
        'Bedroom',
        'sensor',
        {battery: {percent: 94}, humidity: {percent: 46.22}, temperature: {celsius: 21.36}},
        {
            battery,
            humidity: {percent: readOnly('%')},
            temperature: {celsius: readOnly('°C', -50, 100)},
        },
    ),
    device(
        'kitchen',
        'Kitchen light',
        'Kitchen',
        'light',
        {level: {percent: 100}, on_off: {on: false}},
        {level: {percent}, on_off: on},
        {aliases: ['厨房灯', 'Lumière de la cuisine']},
    ),
    device('hall', 'Hall light', 'Hall', 'light', {on_off: {on: false}}, {on_off: on}),
    device(
        'coffee',
        'Coffee machine',
        'Kitchen',
        'plug',
        {
            current: {amperes: 0.005},
            energy: {kwh: 70.102},
            on_off: {on: true},
            power: {watts: 1.2},
            voltage: {volts: 231.3},
        },
        {
            current: {amperes: readOnly('A')},
            energy: {kwh: readOnly('kWh')},
            on_off: on,
            power: {watts: readOnly('W', 0, 5000)},
            voltage: {volts: readOnly('V')},
        },
    ),
    device(
        'curtain',
        'Bedroom curtain',
        'Bedroom',
        'cover',
        {cover: {motion: 'stopped', position: 0}},
        {
            cover: {
                motion: {type: 'enum', options: ['opening', 'closing', 'stopped'], write: true},
                position: percent,
            },
        },
    ),
    device(
        'door',
        'Front door',
        'Hall',
        'lock',
        {battery: {percent: 57}, lock: {state: 'locked'}},
        {
            battery,
            lock: {
                state: {
                    type: 'enum',
                    options: ['locked', 'unlocked', 'locking', 'unlocking', 'jammed'],
                    write: true,
                    ask_first: {values: ['unlocked', 'open']},
                },
            },
        },
    ),
];

export const moreDevices = () => [
    device(
        'heating',
        'Radiator',
        'Living room',
        'thermostat',
        {thermostat: {target: 21, mode: 'heat', action: 'heating'}, temperature: {celsius: 19.8}},
        {
            thermostat: {
                target: {type: 'number', unit: '°C', min: 5, max: 30, write: true},
                mode: {type: 'enum', options: ['off', 'heat', 'auto'], write: true},
                action: {type: 'enum', options: ['idle', 'heating'], write: false},
            },
            temperature: {celsius: readOnly('°C')},
        },
    ),
    device(
        'washer',
        'Washing machine',
        null,
        'washer',
        {operation: {state: 'running', program: 'cotton_40', phase: 'rinse', remaining_s: 2460}},
        {
            operation: {
                state: {
                    type: 'enum',
                    options: ['idle', 'running', 'paused', 'finished'],
                    write: true,
                },
                program: {type: 'text', write: false},
                remaining_s: readOnly('s', 0, 1e6),
            },
        },
    ),
    device(
        'wall',
        'Wall switch',
        'Kitchen',
        'switch',
        {'left/on_off': {on: true}, 'right/on_off': {on: false}},
        {'left/on_off': on, 'right/on_off': on},
    ),
    device(
        'strip',
        'Light strip',
        'Living room',
        'light',
        {on_off: {on: false}, level: {percent: 60}},
        {on_off: on, level: {percent}},
        {online: false},
    ),
];
