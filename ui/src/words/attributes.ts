/** What attributes are called, and the words for their values. Everything here is shown to people;
    a translation replaces this file and strings.ts. */
export interface AttributeWords {
  label: string;
  /** A state ("On"), what is told when it comes about ("turned on"), and what a rule waits for
      ("turns on") where that is another form. */
  states?: Record<string, [state: string, told: string, waited?: string]>;
  /** The unit where the catalogue's is not for people. */
  unit?: string;
  digits?: number;
  /** Shown only among all readings of a device. */
  minor?: boolean;
}

export const attributeWords: Record<string, AttributeWords> = {
  'on_off.on': {
    label: 'Power',
    states: {true: ['On', 'turned on', 'turns on'], false: ['Off', 'turned off', 'turns off']},
  },
  'level.percent': {label: 'Brightness', unit: '%', digits: 0},
  'color.mode': {
    label: 'Kind of light',
    minor: true,
    states: {
      hs: ['Colour', 'shows a colour'],
      xy: ['Colour', 'shows a colour'],
      temperature: ['White', 'shows white'],
    },
  },
  'color.hue': {label: 'Hue', unit: '°', digits: 0, minor: true},
  'color.saturation': {label: 'Saturation', unit: '%', digits: 0, minor: true},
  'color.x': {label: 'Colour x', digits: 3, minor: true},
  'color.y': {label: 'Colour y', digits: 3, minor: true},
  'color.kelvin': {label: 'Warmth', unit: 'K', digits: 0, minor: true},
  'color.effect': {label: 'Effect'},
  'cover.position': {label: 'Open', unit: '%', digits: 0},
  'cover.tilt': {label: 'Tilt', unit: '%', digits: 0},
  'cover.motion': {
    label: 'Movement',
    states: {
      opening: ['Opening', 'is opening'],
      closing: ['Closing', 'is closing'],
      stopped: ['Still', 'stopped', 'stops'],
    },
  },
  'lock.state': {
    label: 'Lock',
    states: {
      locked: ['Locked', 'locked', 'is locked'],
      unlocked: ['Unlocked', 'unlocked', 'is unlocked'],
      locking: ['Locking', 'is locking'],
      unlocking: ['Unlocking', 'is unlocking'],
      jammed: ['Jammed', 'is jammed'],
      open: ['Open', 'opened'],
    },
  },
  'thermostat.mode': {
    label: 'Mode',
    states: {
      off: ['Off', 'is off'],
      heat: ['Heat', 'set to heat'],
      cool: ['Cool', 'set to cool'],
      heat_cool: ['Heat or cool', 'set to heat or cool'],
      auto: ['Automatic', 'set to automatic'],
      dry: ['Dry', 'set to dry'],
      fan_only: ['Fan only', 'set to fan only'],
    },
  },
  'thermostat.target': {label: 'Target', unit: '°C', digits: 1},
  'thermostat.target_low': {label: 'Heat below', unit: '°C', digits: 1},
  'thermostat.target_high': {label: 'Cool above', unit: '°C', digits: 1},
  'thermostat.target_humidity': {label: 'Target humidity', unit: '%', digits: 0},
  'thermostat.action': {
    label: 'Doing',
    states: {
      off: ['Off', 'is off'],
      idle: ['Idle', 'is idle'],
      heating: ['Heating', 'is heating'],
      cooling: ['Cooling', 'is cooling'],
      drying: ['Drying', 'is drying'],
      fan: ['Fan runs', 'runs its fan'],
      preheating: ['Preheating', 'is preheating'],
      defrosting: ['Defrosting', 'is defrosting'],
    },
  },
  'thermostat.preset': {label: 'Preset'},
  'fan.speed': {label: 'Fan speed', unit: '%', digits: 0},
  'fan.mode': {label: 'Fan mode'},
  'fan.oscillating': {
    label: 'Swing',
    states: {true: ['Swinging', 'began to swing'], false: ['Not swinging', 'stopped swinging']},
  },
  'fan.direction': {
    label: 'Direction',
    states: {forward: ['Forward', 'turns forward'], reverse: ['Reverse', 'turns in reverse']},
  },
  'temperature.celsius': {label: 'Temperature', unit: '°C', digits: 1},
  'humidity.percent': {label: 'Humidity', unit: '%', digits: 0},
  'illuminance.lux': {label: 'Light', unit: 'lx', digits: 0},
  'pressure.hpa': {label: 'Air pressure', unit: 'hPa', digits: 0},
  'occupancy.occupied': {
    label: 'Motion',
    states: {
      true: ['Motion', 'saw motion', 'sees motion'],
      false: ['No motion', 'sees no motion any more', 'sees no motion'],
    },
  },
  'contact.open': {
    label: 'Contact',
    states: {
      true: ['Open', 'was opened', 'is opened'],
      false: ['Closed', 'was closed', 'is closed'],
    },
  },
  'leak.wet': {
    label: 'Water',
    states: {true: ['Water found', 'found water', 'finds water'], false: ['Dry', 'is dry']},
  },
  'smoke.detected': {
    label: 'Smoke',
    states: {true: ['Smoke', 'found smoke', 'finds smoke'], false: ['No smoke', 'finds no smoke']},
  },
  'gas.detected': {
    label: 'Gas',
    states: {true: ['Gas', 'found gas'], false: ['No gas', 'finds no gas']},
  },
  'carbon_monoxide.detected': {
    label: 'Carbon monoxide',
    states: {
      true: ['Carbon monoxide', 'found carbon monoxide'],
      false: ['None', 'finds no carbon monoxide'],
    },
  },
  'carbon_monoxide.ppm': {label: 'Carbon monoxide', unit: 'ppm', digits: 0},
  'vibration.detected': {
    label: 'Vibration',
    states: {true: ['Vibrating', 'felt vibration'], false: ['Still', 'is still']},
  },
  'sound.detected': {
    label: 'Sound',
    states: {true: ['Sound', 'heard something'], false: ['Quiet', 'hears nothing']},
  },
  'tamper.detected': {
    label: 'Tampering',
    states: {true: ['Tampered with', 'was tampered with'], false: ['Untouched', 'is untouched']},
  },
  'problem.detected': {
    label: 'Problem',
    states: {true: ['Problem', 'has a problem'], false: ['All well', 'is well']},
  },
  'battery.percent': {label: 'Battery', unit: '%', digits: 0, minor: true},
  'battery.low': {
    label: 'Battery',
    minor: true,
    states: {true: ['Low', 'has a low battery'], false: ['Good', 'has a good battery']},
  },
  'battery.volts': {label: 'Battery voltage', unit: 'V', digits: 2, minor: true},
  'battery.charging': {
    label: 'Charging',
    minor: true,
    states: {true: ['Charging', 'is charging'], false: ['Not charging', 'stopped charging']},
  },
  'power.watts': {label: 'Power draw', unit: 'W', digits: 1},
  'power.apparent_va': {label: 'Apparent power', unit: 'VA', digits: 1, minor: true},
  'power.reactive_var': {label: 'Reactive power', unit: 'var', digits: 1, minor: true},
  'power.factor': {label: 'Power factor', unit: '%', digits: 0, minor: true},
  'energy.kwh': {label: 'Energy', unit: 'kWh', digits: 1},
  'current.amperes': {label: 'Current', unit: 'A', digits: 2, minor: true},
  'voltage.volts': {label: 'Voltage', unit: 'V', digits: 0, minor: true},
  'frequency.hertz': {label: 'Frequency', unit: 'Hz', digits: 1, minor: true},
  'carbon_dioxide.ppm': {label: 'CO₂', unit: 'ppm', digits: 0},
  'particulates.pm1': {label: 'PM1', unit: 'µg/m³', digits: 0},
  'particulates.pm25': {label: 'PM2.5', unit: 'µg/m³', digits: 0},
  'particulates.pm10': {label: 'PM10', unit: 'µg/m³', digits: 0},
  'volatile_organics.ppb': {label: 'Organic vapours', unit: 'ppb', digits: 0},
  'volatile_organics.ugm3': {label: 'Organic vapours', unit: 'µg/m³', digits: 0},
  'moisture.percent': {label: 'Moisture', unit: '%', digits: 0},
  'water.litres': {label: 'Water used', unit: 'L', digits: 0},
  'signal.rssi_dbm': {label: 'Signal', unit: 'dBm', digits: 0, minor: true},
  'button.press': {
    label: 'Button',
    states: {true: ['Pressed', 'was pressed', 'is pressed'], false: ['Released', 'was released']},
  },
  'media.state': {
    label: 'Player',
    states: {
      off: ['Off', 'turned off'],
      on: ['On', 'turned on'],
      idle: ['Idle', 'is idle'],
      playing: ['Playing', 'is playing'],
      paused: ['Paused', 'paused'],
      buffering: ['Loading', 'is loading'],
      standby: ['Standby', 'went to standby'],
    },
  },
  'media.volume': {label: 'Volume', unit: '%', digits: 0},
  'media.muted': {
    label: 'Mute',
    states: {true: ['Muted', 'was muted'], false: ['Sound on', 'has its sound on']},
  },
  'media.source': {label: 'Source'},
  'media.title': {label: 'Plays'},
  'operation.state': {
    label: 'Programme',
    states: {
      off: ['Off', 'is off'],
      idle: ['Ready', 'is ready'],
      running: ['Running', 'is running'],
      paused: ['Paused', 'paused'],
      finished: ['Finished', 'finished', 'finishes'],
      error: ['Needs help', 'needs help'],
      returning: ['On its way back', 'is on its way back'],
    },
  },
  'operation.program': {label: 'Programme'},
  'operation.phase': {label: 'Phase'},
  'operation.remaining_s': {label: 'Remaining'},
  'heart_rate.bpm': {label: 'Heart rate', unit: 'bpm', digits: 0},
  'steps.count': {label: 'Steps', digits: 0},
  'untyped.linkquality': {label: 'Link quality', digits: 0, minor: true},
};

/** A light level in words, so that 3 lx says something. */
export const lightWords: [below: number, word: string][] = [
  [10, 'Dark'],
  [80, 'Dim'],
  [500, 'Light'],
  [5000, 'Bright'],
  [Infinity, 'Full sun'],
];
