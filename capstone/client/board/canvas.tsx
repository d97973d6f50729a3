import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { createRemoteAnnouncer } from "../announce.ts";
import { reordered } from "../columns.ts";
import { dragged, spot, startDragging } from "../drag.ts";
import { dayOf } from "../filter.ts";
import { NOWHERE, type Places, placesIn, playFrom } from "../flip.ts";
import { keepFocus } from "../keep-focus.ts";
import { Menu } from "../widgets/menu.tsx";
import { moveCard, moveList, neighbourOf } from "./actions.ts";
import { AddList } from "./add-list.tsx";
import { cardMenu } from "./card-menu.tsx";
import { Column } from "./column.tsx";
import { useBoard } from "./context.ts";
import { movedTasks, remoteChanges } from "./remote-changes.ts";

/** The lists, side by side. */
export function Canvas() {
  const board = useBoard();
  const { model, filter } = board;
  const canvas = useRef<HTMLElement>(null);
  const menu = useSignal<{ taskId: string; anchor: HTMLElement } | undefined>(undefined);
  const before = useRef<{ places: Places; moved: ReadonlySet<string>; giveBack: () => void } | undefined>(
    undefined,
  );
  const [today, setToday] = useState(() => dayOf(new Date()));
  const view = model.view.value;
  const isDragging = dragged.value;

  useEffect(() => {
    const timer = setInterval(() => setToday(dayOf(new Date())), 60_000);
    return () => clearInterval(timer);
  }, []);

  useEffect(() => {
    const remote = createRemoteAnnouncer(model.nameOf);
    const stop = model.beforeChange((change) => {
      const root = canvas.current;
      if (!root) return;
      remote.add(remoteChanges(change, model.userId));
      const { taskId } = menu.peek() ?? {};
      if (taskId !== undefined && !change.after.view?.tasks.has(taskId)) {
        // With the card its menu goes too. It must not open by itself when the card comes back.
        if (root.querySelector("[role=menu]")?.contains(document.activeElement)) neighbourOf(taskId)?.focus();
        menu.value = undefined;
      }
      const lists = reordered(change.before.columns, change.after.columns);
      if (lists.length === 0 && change.before.view?.lists === change.after.view?.lists) return;
      // What the user does here is there at once. Only what the log brings glides into its place.
      const isCalm = change.events.length === 0 || dragged.peek() !== undefined;
      const earlier = before.current;
      before.current = {
        moved: new Set([...(earlier?.moved ?? []), ...movedTasks(change)]),
        places: isCalm ? NOWHERE : (earlier?.places ?? placesIn(root, lists)),
        giveBack: earlier?.giveBack ?? keepFocus(root),
      };
    });
    return () => {
      stop();
      remote.close();
    };
  }, [model, menu]);

  useLayoutEffect(() => {
    const root = canvas.current;
    if (!root || !before.current) return;
    const { places, moved, giveBack } = before.current;
    before.current = undefined;
    giveBack();
    playFrom(places, moved);
  });

  useEffect(() => {
    const root = canvas.current;
    if (!root) return;
    const stop = startDragging(root, {
      canDrag: () => model.canEdit.peek(),
      onDrop({ kind, id }, { listId, index }) {
        if (kind === "list") moveList(model, id, index);
        else if (listId !== undefined) moveCard(model, id, listId, fullIndex(root, model, listId, id, index));
      },
    });
    const onClick = (event: MouseEvent) => {
      const anchor = (event.target as Element).closest<HTMLElement>("[data-part=menu]");
      const taskId = anchor?.closest<HTMLElement>("[data-task-id]")?.dataset.taskId;
      if (anchor && taskId) menu.value = { taskId, anchor };
    };
    root.addEventListener("click", onClick);
    return () => {
      stop();
      root.removeEventListener("click", onClick);
    };
  }, [model, menu]);

  if (!view) return null;
  const opened = menu.value;
  const task = opened && view.tasks.get(opened.taskId);
  return (
    <section
      ref={canvas}
      class={`canvas ${isDragging ? `dragging-${isDragging.kind}` : ""}`}
      id="board"
      aria-label="Lists"
    >
      {view.lists.map((list, index) => (
        <Column
          key={list.id}
          list={list}
          index={index}
          count={view.lists.length}
          tasks={model.columns.value.get(list.id) ?? []}
          filter={filter}
          commentCounts={model.commentCounts.value}
          members={model.members.value}
          editors={model.editors.value}
          waitingTasks={model.waitingTasks.value}
          today={today}
          canEdit={model.canEdit.value}
        />
      ))}
      {model.canEdit.value && <AddList isFirst={view.lists.length === 0} />}
      <ListDropLine />
      {opened && task && (
        <Menu
          name={`Actions for “${task.title}”`}
          items={cardMenu(board, task)}
          anchor={opened.anchor}
          onClose={() => {
            menu.value = undefined;
          }}
        />
      )}
    </section>
  );
}

/** Among all cards of the list: a filter may hide some of those between. */
function fullIndex(
  root: HTMLElement,
  model: ReturnType<typeof useBoard>["model"],
  listId: string,
  movingId: string,
  index: number,
): number {
  const cards = root.querySelectorAll<HTMLElement>(
    `[data-list-id="${CSS.escape(listId)}"] [data-cards] > [data-task-id]`,
  );
  const shown = [...cards].map(({ dataset }) => dataset.taskId).filter((id) => id !== movingId);
  const all = (model.columns.peek().get(listId) ?? []).map(({ id }) => id).filter((id) => id !== movingId);
  const previous = shown[index - 1];
  if (previous !== undefined) return all.indexOf(previous) + 1;
  const next = shown[index];
  return next === undefined ? all.length : all.indexOf(next);
}

function ListDropLine() {
  const at = spot.value;
  if (at?.kind !== "list") return null;
  return (
    <div class="list-drop-line" aria-hidden="true" style={{ transform: `translateX(${at.offset}px)` }} />
  );
}
