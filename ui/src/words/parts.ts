import {html, type TemplateResult} from 'lit';

/** A piece of a sentence: text, or a link. */
export type Part = string | {text: string; href: string};

export function plain(parts: Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

export function render(parts: Part[]): TemplateResult[] {
  return parts.map((part) =>
    typeof part === 'string'
      ? html`
          ${part}
        `
      : html`
          <a href=${part.href}>${part.text}</a>
        `,
  );
}
