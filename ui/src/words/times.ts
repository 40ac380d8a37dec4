const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const clockSeconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const day = new Intl.DateTimeFormat(undefined, {weekday: 'short', day: 'numeric', month: 'short'});
const full = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const relative = new Intl.RelativeTimeFormat('en', {numeric: 'auto', style: 'short'});

const relativeLong = new Intl.RelativeTimeFormat('en');

/** "14:05" today, "Mon, 3 Nov, 14:05" earlier. */
export function timeText(rfc3339: string, withSeconds = false): string {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime())) return '';
  const text = (withSeconds ? clockSeconds : clock).format(time);
  return time.toDateString() === new Date().toDateString() ? text : `${day.format(time)}, ${text}`;
}

export function fullTimeText(rfc3339: string): string {
  const time = new Date(rfc3339);
  return Number.isNaN(time.getTime()) ? '' : full.format(time);
}

const dated = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

/** "31 Dec 2026, 12:00". */
export function datedText(rfc3339: string): string {
  const time = new Date(rfc3339);
  return Number.isNaN(time.getTime()) ? '' : dated.format(time);
}

/** As a field for date and time has it: in the browser's own time, to the minute. */
export function fieldTime(rfc3339: string | null): string {
  const time = new Date(rfc3339 ?? NaN);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** "in 9 minutes", never sooner than it will be. */
export function inText(seconds: number): string {
  return seconds < 90
    ? relativeLong.format(Math.max(1, Math.ceil(seconds)), 'second')
    : relativeLong.format(Math.ceil(seconds / 60), 'minute');
}

/** "2 min. ago". */
export function agoText(rfc3339: string): string {
  const seconds = (new Date(rfc3339).getTime() - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return '';
  if (seconds > -60) return relative.format(Math.min(0, Math.round(seconds)), 'second');
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86400), 'day');
}
