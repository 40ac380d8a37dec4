import {html, svg, type SVGTemplateResult, type TemplateResult} from 'lit';

/** Our own drawings, on a grid of 24, in strokes of the text's colour. */
const drawings: Record<string, SVGTemplateResult> = {
  device: svg`<rect x="5" y="5" width="14" height="14" rx="4"/>`,
  home: svg`<path d="M4 11.2 12 4.5l8 6.7V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z"/><path d="M9.5 20v-5.5h5V20"/>`,
  rules: svg`<circle cx="6" cy="6" r="2.2"/><circle cx="6" cy="18" r="2.2"/><circle cx="18" cy="12" r="2.2"/><path d="M6 8.2v7.6M8.2 6c4.5 0 4 6 7.6 6"/>`,
  activity: svg`<path d="M3 12h4l2.5-6.5 4.5 13 2.5-6.5H21"/>`,
  light: svg`<path d="M9 17.5c0-2.2-3-3.7-3-7.5a6 6 0 0 1 12 0c0 3.8-3 5.3-3 7.5z"/><path d="M10 20.5h4"/>`,
  plug: svg`<path d="M8 3v5M16 3v5M6 8h12v3.5a6 6 0 0 1-12 0zM12 17.5V21"/>`,
  motion: svg`<circle cx="10.5" cy="5" r="1.9"/><path d="M10 9.5 7 12l-1 3M10 9.5l3.5 1 1.5 3 3 .8M10 9.5l-.8 5 3.3 2.5.8 4M9.2 14.5 7.5 18 4.5 20.5"/>`,
  sensor: svg`<path d="M10 13.8V6a2 2 0 1 1 4 0v7.8a4 4 0 1 1-4 0z"/><path d="M12 10v6.5"/>`,
  gauge: svg`<path d="M4.5 17a8.5 8.5 0 1 1 15 0z"/><path d="m12 13.5 3.2-4"/>`,
  cover: svg`<path d="M3.5 4h17M5.5 4v15.5c3-1 4.5-5 4.5-8.5V4M18.5 4v15.5c-3-1-4.5-5-4.5-8.5V4"/>`,
  lock: svg`<rect x="5.5" y="10.5" width="13" height="9.5" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14.2v2.3"/>`,
  unlock: svg`<rect x="5.5" y="10.5" width="13" height="9.5" rx="2"/><path d="M8.5 10.5V7a3.5 3.5 0 0 1 6.8-1.2M12 14.2v2.3"/>`,
  lock_unknown: svg`<rect x="5.5" y="10.5" width="13" height="9.5" rx="2" stroke-dasharray="2.5 2.5"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" stroke-dasharray="2.5 2.5"/><path d="M12 17.5v.1M10.7 13.7a1.4 1.4 0 1 1 1.9 1.3c-.4.2-.6.4-.6.9"/>`,
  online: svg`<path d="M5 11.5a10 10 0 0 1 14 0M8.5 15.3a5 5 0 0 1 7 0M2.5 8a14 14 0 0 1 19 0"/><path d="M12 18.8v.2"/>`,
  fan: svg`<circle cx="12" cy="12" r="1.8"/><path d="M12 10.2c-2.5-2-2.3-6.2.6-6.7 2.8-.4 3.2 3.9.6 6.7M13.6 12.9c3 .9 4.8 4.7 2.6 6.6-2.1 1.8-4.4-1.9-3.5-5.5M10.4 12.9c-2.1 2.3-6.3 2.6-7.2-.2-.8-2.7 3.5-3.5 6.8-1.8"/>`,
  thermostat: svg`<path d="M5.5 5.5v13M9.8 5.5v13M14.2 5.5v13M18.5 5.5v13M3.5 8.5h17M3.5 15.5h17"/>`,
  media: svg`<rect x="3" y="5" width="18" height="12" rx="2"/><path d="M8.5 20.5h7"/>`,
  appliance: svg`<rect x="4.5" y="3.5" width="15" height="17" rx="2"/><circle cx="12" cy="13.5" r="4"/><path d="M7.5 6.8h2M15.5 6.8h1"/>`,
  contact: svg`<path d="M6 20.5V4.5a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v16M3.5 20.5h17M14.5 12v1"/>`,
  leak: svg`<path d="M12 3.5c3.5 4.2 5.5 7 5.5 10a5.5 5.5 0 0 1-11 0c0-3 2-5.8 5.5-10z"/>`,
  smoke: svg`<path d="M12 3.5c4.5 3.5 6 6.2 6 9.5a6 6 0 0 1-12 0c0-2 .9-3.5 2.2-4.7.3 1.6 1 2.3 2 2.7-.2-2.6.3-5.2 1.8-7.5z"/>`,
  button: svg`<rect x="4" y="4" width="16" height="16" rx="4"/><circle cx="12" cy="12" r="3.5"/>`,
  person: svg`<circle cx="12" cy="8" r="3.7"/><path d="M4.8 20c.8-3.7 3.7-5.7 7.2-5.7s6.4 2 7.2 5.7"/>`,
  edit: svg`<path d="m14.5 5.5 4 4M4.5 19.5l.9-4.3L16 4.6a1.5 1.5 0 0 1 2.1 0l1.3 1.3a1.5 1.5 0 0 1 0 2.1L8.8 18.6z"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  wait: svg`<path d="M7 3.5h10M7 20.5h10M8 3.5c0 5 8 5.5 8 8.5s-8 3.5-8 8.5M16 3.5c0 5-8 5.5-8 8.5s8 3.5 8 8.5"/>`,
  offline: svg`<path d="m4 4 16 16M8.5 15.3a5 5 0 0 1 5-1.1M5 11.5a10 10 0 0 1 4-2.3M19 11.5a10 10 0 0 0-5.5-2.7M2.5 8a14 14 0 0 1 4-2.6M21.5 8A14 14 0 0 0 11 4.6"/><path d="M12 18.8v.2"/>`,
  warn: svg`<path d="M12 4 3 19.5h18zM12 10v4.5M12 17v.2"/>`,
  send: svg`<path d="M4.5 12h14M13 6.5l5.5 5.5-5.5 5.5"/>`,
  menu: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  minus: svg`<path d="M5 12h14"/>`,
  play: svg`<path d="M7.5 5v14l11-7z"/>`,
  trash: svg`<path d="M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l.8 13h9.4l.8-13M10.3 10.5v5.5M13.7 10.5v5.5"/>`,
  back: svg`<path d="M19.5 12h-14M11 6.5 5.5 12l5.5 5.5"/>`,
  next: svg`<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>`,
  bell: svg`<path d="M5 17.5c1.8-1.5 1.8-3.5 1.8-6.5a5.2 5.2 0 0 1 10.4 0c0 3 0 5 1.8 6.5zM10 20.5h4"/>`,
  sun: svg`<circle cx="12" cy="12" r="3.8"/><path d="M12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M18.4 5.6l-1.8 1.8M7.4 16.6l-1.8 1.8"/>`,
  say: svg`<path d="M4 5.5h16v11H11l-4.5 3.5v-3.5H4z"/>`,
  up: svg`<path d="m5.5 14.5 6.5-6 6.5 6"/>`,
  down: svg`<path d="m5.5 9.5 6.5 6 6.5-6"/>`,
  stop: svg`<rect x="7" y="7" width="10" height="10" rx="1.5"/>`,
  battery: svg`<rect x="3" y="8" width="16" height="8.5" rx="2"/><path d="M21.5 11v2.5M6 11v2.5"/>`,
};

export function icon(name: string): TemplateResult {
  return html`
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      ${drawings[name] ?? drawings.device}
    </svg>
  `;
}

/** The mark of hearth: a house with its fire. */
export function mark(): TemplateResult {
  return html`
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <path
        d="M5 15.2 16 5.8l11 9.4V25a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2z"
        stroke="currentColor"
        stroke-width="2.3"
        stroke-linejoin="round"
      />
      <path
        d="M16 12.2c3.3 2.6 4.5 4.7 4.5 7a4.5 4.5 0 0 1-9 0c0-1.5.7-2.6 1.7-3.5.2 1.1.8 1.7
      1.5 1.9-.2-1.9.2-3.7 1.3-5.4z"
        fill="#f0823c"
      />
    </svg>
  `;
}
