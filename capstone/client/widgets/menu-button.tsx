import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Menu, type MenuItem } from "./menu.tsx";

/** A button that opens a menu. */
export function MenuButton(props: {
  readonly name: string;
  readonly items: readonly MenuItem[];
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  return (
    <>
      <button
        type="button"
        class={props.class ?? "icon-button"}
        aria-label={props.name}
        aria-haspopup="menu"
        title={props.name}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {props.children}
      </button>
      {anchor && (
        <Menu name={props.name} items={props.items} anchor={anchor} onClose={() => setAnchor(undefined)} />
      )}
    </>
  );
}
