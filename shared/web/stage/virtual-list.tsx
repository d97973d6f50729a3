import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  /** Of every line, in pixels. */
  readonly lineHeight: number;
  /** The line that the keyboard is on, or -1. */
  readonly active: number;
  readonly renderLine: (index: number) => ComponentChildren;
  readonly idOf: (index: number) => string;
  readonly onMove: (index: number) => void;
  /** Enter, or → and ← with what they mean for a line that can be expanded. */
  readonly onOpen: (index: number) => void;
  readonly onExpand: (index: number, isExpanded: boolean) => void;
}

/** Lines above and below what can be seen, so that scrolling shows no gap. */
const EXTRA_LINES = 8;

/**
 * A list of lines of which only those in sight are in the page: ten thousand cost as much as forty. It stays at its end
 * as lines are added, unless the reader has scrolled away from it.
 */
export function VirtualList(props: VirtualListProps) {
  const { label, count, lineHeight, active, renderLine, idOf, onMove, onOpen, onExpand } = props;
  const box = useRef<HTMLDivElement>(null);
  const scrollTop = useSignal(0);
  const height = useSignal(400);
  const isAtEnd = useRef(true);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [height]);

  // The page grows before it is painted, so the end is where it will be seen.
  useLayoutEffect(() => {
    const element = box.current;
    if (element && isAtEnd.current) element.scrollTop = count * lineHeight;
  }, [count, lineHeight, height.value]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || active < 0) return;
    const top = active * lineHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    const bottom = top + lineHeight - element.clientHeight;
    if (bottom > element.scrollTop) element.scrollTop = bottom;
  }, [active, lineHeight]);

  function onKeyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(height.value / lineHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active < 0 ? count - 1 : active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: count - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) onMove(Math.min(Math.max(next, 0), count - 1));
    else if (active >= 0 && event.key === "Enter") onOpen(active);
    else if (active >= 0 && event.key === "ArrowRight") onExpand(active, true);
    else if (active >= 0 && event.key === "ArrowLeft") onExpand(active, false);
    else return;
    event.preventDefault();
  }

  const first = Math.max(0, Math.floor(scrollTop.value / lineHeight) - EXTRA_LINES);
  const last = Math.min(count, Math.ceil((scrollTop.value + height.value) / lineHeight) + EXTRA_LINES);
  const indexes = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  return (
    <div
      ref={box}
      class="virtual-list"
      role="tree"
      aria-label={label}
      tabIndex={0}
      {...(active >= first && active < last && { "aria-activedescendant": idOf(active) })}
      onKeyDown={onKeyDown}
      onClick={({ target }) => {
        const id = (target as Element).closest("[role=treeitem]")?.id;
        const index = indexes.find((each) => idOf(each) === id);
        if (index !== undefined) onOpen(index);
      }}
      onScroll={({ currentTarget }) => {
        scrollTop.value = currentTarget.scrollTop;
        const below = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight;
        isAtEnd.current = below < lineHeight;
      }}
    >
      <div role="none" style={{ height: `${count * lineHeight}px` }}>
        <div role="none" style={{ transform: `translateY(${first * lineHeight}px)` }}>
          {indexes.map(renderLine)}
        </div>
      </div>
    </div>
  );
}
