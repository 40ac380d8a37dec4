import {css} from 'lit';

/** What all components share inside their shadow roots: buttons, fields, focus, small text. */
export const baseStyles = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: var(--text-xl);
    font-weight: 650;
    letter-spacing: -0.015em;
  }
  h2 {
    font-size: var(--text-l);
    font-weight: 620;
    letter-spacing: -0.01em;
  }
  h3 {
    font-size: var(--text-m);
    font-weight: 600;
  }
  a {
    color: var(--accent);
    text-decoration-color: color-mix(in srgb, currentcolor 35%, transparent);
    text-underline-offset: 0.18em;
  }
  a:hover {
    text-decoration-color: currentcolor;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 6px;
  }
  .soft {
    color: var(--soft);
  }
  .small {
    font-size: var(--text-s);
  }
  .panel {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    box-shadow: var(--shadow);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button {
    font: inherit;
    font-weight: 550;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius-s);
    min-height: 2.25rem;
    padding: 0.25rem 0.8rem;
    cursor: pointer;
    transition:
      background var(--quick),
      border-color var(--quick);
  }
  button:hover:not(:disabled) {
    border-color: var(--edge);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.main {
    color: var(--accent-ink);
    background: var(--accent);
    border-color: var(--accent);
  }
  button.main:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent) 88%, var(--ink));
  }
  button.bad {
    color: var(--bad);
  }
  button.plain {
    background: none;
    border-color: transparent;
    color: var(--soft);
  }
  button.plain:hover:not(:disabled) {
    background: var(--sunken);
    color: var(--ink);
    border-color: transparent;
  }
  button.icon {
    display: inline-grid;
    place-items: center;
    width: 2.25rem;
    padding: 0;
  }
  input:not([type='range']):not([type='checkbox']),
  select {
    font: inherit;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    min-height: 2.5rem;
    padding: 0.3rem 0.65rem;
    width: 100%;
    min-width: 0;
  }
  input[type='checkbox'] {
    accent-color: var(--accent);
    width: 1.1rem;
    height: 1.1rem;
    margin: 0;
  }
  input::placeholder {
    color: var(--soft);
    opacity: 1;
  }
  label > span,
  .label {
    display: block;
    font-size: var(--text-s);
    font-weight: 550;
    color: var(--soft);
    margin-bottom: var(--gap-1);
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 0.3em;
    font-size: 0.75rem;
    font-weight: 600;
    line-height: 1;
    padding: 0.25rem 0.45rem;
    border-radius: 99px;
    color: var(--soft);
    background: var(--sunken);
    white-space: nowrap;
  }
  .badge svg {
    width: 0.9em;
    height: 0.9em;
  }
  .badge.wait {
    color: var(--wait);
    background: var(--wait-wash);
  }
  .badge.bad {
    color: var(--bad);
    background: var(--bad-wash);
  }
  .badge.good {
    color: var(--good);
    background: var(--good-wash);
  }
  .badge.warn {
    color: var(--warn);
    background: var(--warn-wash);
  }
  .error {
    color: var(--bad);
    font-size: var(--text-s);
  }
  svg {
    width: 1.25rem;
    height: 1.25rem;
    flex: none;
  }
  @media (pointer: coarse) {
    button {
      min-height: 2.5rem;
    }
    button.icon {
      width: 2.5rem;
    }
    input:not([type='range']):not([type='checkbox']),
    select {
      font-size: 16px; /* or phones zoom in */
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
