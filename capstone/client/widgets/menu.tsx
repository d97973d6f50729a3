// A menu as the ARIA practices describe it: https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { LeftIcon, RightIcon } from "./icons.tsx";
import { place } from "./place.ts";

export interface MenuItem {
  readonly name: string;
  readonly icon?: ComponentChildren;
  /** What it does; or what it leads to. */
  readonly run?: () => void;
  readonly items?: readonly MenuItem[];
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** Of several: whether it is the one. */
  readonly checked?: boolean;
  /** A line above it. */
  readonly apart?: boolean;
}

export interface MenuProps {
  readonly name: string;
  readonly items: readonly MenuItem[];
  /** Beside what it opens. */
  readonly anchor: HTMLElement;
  /** @param byChoice whether an item was chosen: then it says where the focus goes */
  onClose(byChoice: boolean): void;
}

export function Menu({ name, items, anchor, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const [path, setPath] = useState<readonly number[]>([]);
  const [parent, shown] = follow(items, path);

  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    element.showPopover();
    const onToggle = (event: Event) => {
      if ((event as ToggleEvent).newState === "closed") onClose(false);
    };
    element.addEventListener("toggle", onToggle);
    return () => element.removeEventListener("toggle", onToggle);
  }, []);

  useLayoutEffect(() => {
    if (menu.current) place(menu.current, anchor);
    menu.current
      ?.querySelector<HTMLElement>("[role^=menuitem]:not([aria-disabled=true], .menu-back)")
      ?.focus();
  }, [path]);

  useEffect(() => {
    anchor.setAttribute("aria-expanded", "true");
    return () => anchor.setAttribute("aria-expanded", "false");
  }, [anchor]);

  function choose(item: MenuItem, index: number): void {
    if (item.disabled) return;
    if (item.items) {
      setPath([...path, index]);
      return;
    }
    anchor.focus();
    onClose(true);
    item.run?.();
  }

  function leave(): void {
    anchor.focus();
    onClose(false);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const buttons = [...(menu.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const to = (index: number) => buttons.at(index % buttons.length)?.focus();
    const goesBack = path.length > 0;
    switch (event.key) {
      case "ArrowDown":
        to(at + 1);
        break;
      case "ArrowUp":
        to(at - 1);
        break;
      case "Home":
        to(0);
        break;
      case "End":
        to(-1);
        break;
      case "ArrowRight":
        if (buttons[at]?.getAttribute("aria-haspopup")) buttons[at].click();
        break;
      case "ArrowLeft":
        if (goesBack) setPath(path.slice(0, -1));
        break;
      case "Escape":
        if (goesBack) setPath(path.slice(0, -1));
        else leave();
        break;
      case "Tab":
        leave();
        break;
      default: {
        if (event.key.length !== 1) return;
        const rest = [...buttons.slice(at + 1), ...buttons];
        rest.find((button) => button.textContent?.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
      }
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={menu}
      class="menu"
      role="menu"
      tabIndex={-1}
      popover="auto"
      aria-label={parent ? parent.name : name}
      onKeyDown={onKeyDown}
    >
      {parent && (
        <button
          type="button"
          role="menuitem"
          class="menu-item menu-back"
          tabIndex={-1}
          onClick={() => setPath(path.slice(0, -1))}
        >
          <LeftIcon />
          <span>{parent.name}</span>
        </button>
      )}
      {shown.map((item, index) => (
        <button
          key={item.name + index}
          type="button"
          tabIndex={-1}
          class={`menu-item ${item.danger ? "danger" : ""} ${item.apart ? "apart" : ""}`}
          role={item.checked === undefined ? "menuitem" : "menuitemradio"}
          {...(item.checked !== undefined && { "aria-checked": item.checked })}
          {...(item.items && { "aria-haspopup": "menu" as const })}
          {...(item.disabled && { "aria-disabled": true })}
          onClick={() => choose(item, index)}
        >
          {item.icon ?? <span class="icon" />}
          <span>{item.name}</span>
          {item.items && <RightIcon />}
        </button>
      ))}
    </div>
  );
}

function follow(
  items: readonly MenuItem[],
  path: readonly number[],
): [MenuItem | undefined, readonly MenuItem[]] {
  let parent: MenuItem | undefined;
  let shown = items;
  for (const index of path) {
    parent = shown[index];
    shown = parent?.items ?? [];
  }
  return [parent, shown];
}
