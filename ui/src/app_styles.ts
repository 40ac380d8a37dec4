import {css} from 'lit';

/** The frame of the page: the bar above, the tabs of a phone, the activity beside. */
export const appStyles = css`
  .frame {
    max-width: 90rem;
    margin: 0 auto;
    padding: 0 max(var(--gap-5), env(safe-area-inset-right)) var(--gap-6)
      max(var(--gap-5), env(safe-area-inset-left));
  }
  .skip {
    position: absolute;
    left: var(--gap-4);
    top: -4rem;
    z-index: 30;
    padding: var(--gap-2) var(--gap-4);
    background: var(--surface);
    border-radius: var(--radius-s);
  }
  .skip:focus {
    top: var(--gap-2);
  }
  .top {
    position: sticky;
    top: 0;
    z-index: 10;
    display: grid;
    grid-template-columns: auto auto minmax(12rem, 34rem) auto;
    justify-content: space-between;
    gap: var(--gap-2) var(--gap-5);
    align-items: start;
    padding: var(--gap-3) 0;
    margin-bottom: var(--gap-3);
    background: color-mix(in srgb, var(--ground) 92%, transparent);
    backdrop-filter: blur(12px);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: var(--gap-2);
    min-height: 2.9rem;
    color: var(--ink);
    font-size: 1.2rem;
    font-weight: 680;
    letter-spacing: -0.02em;
    text-decoration: none;
  }
  .brand svg {
    width: 1.9rem;
    height: 1.9rem;
  }
  nav {
    display: flex;
    gap: var(--gap-1);
    min-height: 2.9rem;
    align-items: center;
  }
  nav a {
    display: flex;
    align-items: center;
    gap: 0.4rem;
    padding: 0.4rem 0.75rem;
    border-radius: 99px;
    color: var(--soft);
    font-weight: 570;
    text-decoration: none;
  }
  nav a:hover {
    background: var(--sunken);
    color: var(--ink);
  }
  nav a[aria-current] {
    background: var(--surface);
    color: var(--ink);
    box-shadow:
      inset 0 0 0 1px var(--line),
      var(--shadow);
  }
  .end {
    display: flex;
    align-items: center;
    gap: var(--gap-1);
    min-height: 2.9rem;
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 22rem;
    gap: var(--gap-5);
    align-items: start;
  }
  .body.whole {
    grid-template-columns: minmax(0, 1fr);
  }
  main:focus {
    outline: none;
  }
  aside {
    position: sticky;
    top: 4.75rem;
  }
  aside header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 2.5rem;
    padding: 0 var(--gap-4);
  }
  aside .panel {
    max-height: calc(100dvh - 9rem);
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .status {
    display: contents;
  }
  .banner {
    grid-column: 1 / -1;
    display: flex;
    align-items: center;
    gap: var(--gap-2);
    padding: var(--gap-2) var(--gap-4);
    margin-top: var(--gap-1);
    border-radius: var(--radius-m);
    color: var(--warn);
    background: var(--warn-wash);
  }
  .quiet {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: var(--gap-3);
    min-height: 100dvh;
    padding: var(--gap-5);
    text-align: center;
    color: var(--soft);
  }
  .quiet svg {
    width: 3rem;
    height: 3rem;
  }
  @media (max-width: 74rem) {
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    aside {
      display: none;
    }
  }
  @media (max-width: 52rem) {
    .frame {
      padding: 0 max(var(--gap-4), env(safe-area-inset-right))
        calc(5.5rem + env(safe-area-inset-bottom)) max(var(--gap-4), env(safe-area-inset-left));
    }
    .top {
      /* A filter would hold the fixed tabs below inside this bar. */
      backdrop-filter: none;
      background: var(--ground);
      grid-template-columns: 1fr auto;
      padding-top: var(--gap-1);
      gap: 0 var(--gap-3);
    }
    .top sentence-box {
      grid-column: 1 / -1;
    }
    .end {
      grid-row: 1;
      grid-column: 2;
    }
    nav {
      position: fixed;
      z-index: 15;
      left: 0;
      right: 0;
      bottom: 0;
      justify-content: space-around;
      padding: var(--gap-1) var(--gap-2) calc(var(--gap-1) + env(safe-area-inset-bottom));
      background: var(--surface);
      border-top: 1px solid var(--line);
    }
    nav a,
    nav a[aria-current] {
      flex-direction: column;
      gap: 0.1rem;
      flex: 1;
      font-size: 0.75rem;
      background: none;
      box-shadow: none;
    }
    nav a[aria-current] {
      color: var(--accent);
    }
    notice-list {
      --tabs: 4rem;
    }
  }
`;
