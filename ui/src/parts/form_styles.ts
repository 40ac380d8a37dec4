import {css} from 'lit';

/** Forms that stand open in a panel. */
export const formStyles = css`
  form {
    display: grid;
    gap: var(--gap-4);
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
    gap: var(--gap-3) var(--gap-4);
    align-items: end;
  }
  .check {
    display: flex;
    align-items: center;
    gap: var(--gap-2);
    min-height: 2.5rem;
  }
  .check input {
    flex: none;
  }
  .check > span {
    margin: 0;
  }
  .buttons {
    display: flex;
    gap: var(--gap-2);
    justify-content: flex-end;
  }
`;
