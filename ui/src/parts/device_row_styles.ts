import {css} from 'lit';

/** How a device stands in its room. */
export const deviceRowStyles = css`
  article {
    display: grid;
    grid-template-columns: 2.5rem minmax(0, 1fr) auto;
    column-gap: var(--gap-3);
    align-items: center;
    padding: var(--gap-3) var(--gap-4);
  }
  .drawing {
    display: grid;
    place-items: center;
    width: 2.5rem;
    height: 2.5rem;
    border-radius: 50%;
    color: var(--soft);
    background: var(--sunken);
    transition:
      background var(--quick),
      color var(--quick);
  }
  .drawing.active {
    color: var(--glow-ink);
    background: var(--glow-wash);
  }
  .drawing.alarm {
    color: var(--bad);
    background: var(--bad-wash);
  }
  h3 {
    display: flex;
    align-items: center;
    gap: 0.15rem;
    min-width: 0;
  }
  h3 a {
    color: inherit;
    text-decoration: none;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  h3 a:hover {
    text-decoration: underline;
  }
  h3 button {
    width: 1.8rem;
    height: 1.6rem;
    min-height: 0;
    opacity: 0;
    transition: opacity var(--quick);
  }
  h3 button svg {
    width: 0.95rem;
    height: 0.95rem;
  }
  article:hover h3 button,
  article:focus-within h3 button {
    opacity: 1;
  }
  @media (hover: none) {
    h3 button {
      opacity: 0.8;
    }
  }
  .state {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2rem 0.5rem;
    font-size: var(--text-s);
    color: var(--soft);
  }
  .aside {
    display: flex;
    align-items: center;
    gap: var(--gap-2);
    justify-content: flex-end;
    text-align: right;
  }
  .gangs {
    display: grid;
    gap: var(--gap-2);
    justify-items: end;
  }
  .gangs label {
    display: flex;
    gap: var(--gap-2);
    align-items: center;
    font-size: var(--text-s);
    color: var(--soft);
  }
  .big {
    font-size: var(--text-l);
    font-weight: 620;
    white-space: nowrap;
  }
  .controls {
    grid-column: 2 / -1;
    display: grid;
    gap: var(--gap-2);
    padding-top: var(--gap-2);
  }
  .controls:empty {
    display: none;
  }
  .offline .drawing {
    background: repeating-linear-gradient(45deg, var(--sunken) 0 4px, transparent 4px 8px);
    border: 1px dashed var(--edge);
  }
  .offline .big,
  .offline h3 a {
    color: var(--soft);
  }
  /* The hub is away: what stands here is as it was. */
  .away .drawing,
  .away .state,
  .away .aside,
  .away .controls {
    filter: grayscale(1);
    opacity: 0.6;
  }
  .asking .aside {
    grid-column: 1 / -1;
    padding-top: var(--gap-2);
  }
  .state button.badge {
    min-height: 1.6rem;
    border-color: transparent;
    cursor: pointer;
  }
  .state button.badge:hover {
    border-color: currentcolor;
  }
  .owed {
    grid-column: 2 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--gap-2) var(--gap-3);
    margin-top: var(--gap-2);
    padding: var(--gap-2) var(--gap-3);
    border-radius: var(--radius-m);
    font-size: var(--text-s);
    background: var(--warn-wash);
  }
  .owed p {
    flex: 1 1 12rem;
  }
  .owed div {
    display: flex;
    gap: var(--gap-2);
    margin-left: auto;
  }
  device-edit {
    grid-column: 1 / -1;
  }
`;
