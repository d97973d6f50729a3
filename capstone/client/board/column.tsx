import { useState } from "preact/hooks";
import type { List, Member, Task } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import { DeleteList } from "../dialogs/delete-list.tsx";
import { spot } from "../drag.ts";
import { type Filter, isFiltering, isShown } from "../filter.ts";
import { cardAddresses } from "../routes.ts";
import { DotsIcon, GripIcon } from "../widgets/icons.tsx";
import { memo } from "../widgets/memo.ts";
import { MenuButton } from "../widgets/menu-button.tsx";
import { Rename } from "../widgets/rename.tsx";
import { deleteList, moveList } from "./actions.ts";
import { AddCard } from "./add-card.tsx";
import { Card } from "./card.tsx";
import { useBoard } from "./context.ts";

/** So many cards are higher than any window. */
const LONG = 50;

export interface ColumnProps {
  readonly list: List;
  /** Among the lists. */
  readonly index: number;
  readonly count: number;
  readonly tasks: readonly Task[];
  readonly filter: Filter;
  readonly commentCounts: ReadonlyMap<string, number>;
  readonly members: ReadonlyMap<string, Member>;
  readonly editors: ReadonlyMap<string, readonly Member[]>;
  readonly waitingTasks: ReadonlySet<string>;
  readonly today: string;
  readonly canEdit: boolean;
}

export const Column = memo(function Column(props: ColumnProps) {
  const { list, index, count, tasks, filter, canEdit, today } = props;
  const { model } = useBoard();
  const [isDeleting, setDeleting] = useState(false);
  const shown = isFiltering(filter) ? tasks.filter((task) => isShown(task, filter, today)) : tasks;
  const addressOf = cardAddresses(model.boardId, filter);
  const headingId = `list-${list.id}`;
  return (
    <section class="column" data-list-id={list.id} aria-labelledby={headingId}>
      <header class="column-head">
        <h2 id={headingId} class="visually-hidden">
          {list.name}
        </h2>
        <Rename
          label="List name"
          value={list.name}
          maxLength={LIMITS.listName}
          disabled={!canEdit}
          onRename={(name) => model.run({ type: "rename_list", listId: list.id, list: { name } })}
        />
        <span class="count">
          {shown.length === tasks.length ? tasks.length : `${shown.length} of ${tasks.length}`}
          <span class="visually-hidden">{tasks.length === 1 ? " card" : " cards"}</span>
        </span>
        {canEdit && (
          <span class="grip" data-list-handle title="Drag to move the list">
            <GripIcon />
          </span>
        )}
        {canEdit && (
          <MenuButton
            name={`Actions for the list “${list.name}”`}
            items={[
              { name: "Move left", disabled: index === 0, run: () => moveList(model, list.id, index - 1) },
              {
                name: "Move right",
                disabled: index === count - 1,
                run: () => moveList(model, list.id, index + 1),
              },
              {
                name: "Delete list",
                danger: true,
                apart: true,
                run: () => (tasks.length === 0 ? deleteList(model, list.id) : setDeleting(true)),
              },
            ]}
          >
            <DotsIcon />
          </MenuButton>
        )}
      </header>
      <ul class={shown.length > LONG ? "cards long" : "cards"} data-cards aria-labelledby={headingId}>
        {shown.map((task) => (
          <Card
            key={task.id}
            task={task}
            href={addressOf(task.id)}
            comments={props.commentCounts.get(task.id) ?? 0}
            assignee={task.assigneeId === null ? undefined : props.members.get(task.assigneeId)}
            editors={props.editors.get(task.id)}
            isWaiting={props.waitingTasks.has(task.id)}
            today={today}
          />
        ))}
        <DropLine listId={list.id} />
      </ul>
      {shown.length === 0 && (
        <p class="column-empty">{tasks.length === 0 ? "No cards yet" : "No card matches the filter"}</p>
      )}
      {canEdit && <AddCard listId={list.id} listName={list.name} />}
      {isDeleting && <DeleteList list={list} cards={tasks.length} onClose={() => setDeleting(false)} />}
    </section>
  );
});

function DropLine({ listId }: { readonly listId: string }) {
  const at = spot.value;
  if (at?.kind !== "card" || at.listId !== listId) return null;
  return <li class="drop-line" aria-hidden="true" style={{ transform: `translateY(${at.offset}px)` }} />;
}
