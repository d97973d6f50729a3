import type { ComponentChildren } from "preact";
import { AccountMenu } from "../widgets/account-menu.tsx";
import { Mark } from "../widgets/icons.tsx";

/** Above every page but a board. */
export function PageHead({ children }: { readonly children?: ComponentChildren }) {
  return (
    <header class="page-head">
      <a class="home" href="/">
        <Mark />
        <span>Boards</span>
      </a>
      {children}
      <span class="spread" />
      <AccountMenu />
    </header>
  );
}
