/** What a person likes, kept in this browser. */
export interface Settings {
  theme: 'system' | 'light' | 'dark';
  degrees: 'C' | 'F';
  language: string;
  readings: boolean;
}

const key = 'hearth.settings';

/** The sentence languages that the page offers: file names of the language package. */
export const languages = ['en', 'zh-CN', 'fr'];

function browserLanguage(): string {
  for (const wanted of navigator.languages) {
    const base = wanted.split('-')[0];
    const found = languages.find((each) => each.split('-')[0] === base);
    if (found) return found;
  }
  return 'en';
}

function load(): Settings {
  const defaults: Settings = {
    theme: 'system',
    degrees: 'C',
    language: browserLanguage(),
    readings: false,
  };
  try {
    return {...defaults, ...JSON.parse(localStorage.getItem(key) ?? '{}')};
  } catch {
    return defaults;
  }
}

export const settings = load();

export function applyTheme(): void {
  if (settings.theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = settings.theme;
}

export function change(part: Partial<Settings>): void {
  Object.assign(settings, part);
  applyTheme();
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Private windows may refuse; then it holds until the page is closed.
  }
}
