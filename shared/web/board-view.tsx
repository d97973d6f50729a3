import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { List, Member, Snapshot, Task } from "../events.ts";
import type { Placement } from "../positions.ts";
import { type BoardApi, SignedOutError } from "./board-api.ts";
import type { ConnectionState, People } from "./connect.ts";
import { Members } from "./members.tsx";
import { editorsOf, WhoIsHere } from "./people.tsx";
import { type Direction, type EndOfEditing, TaskCard } from "./task-card.tsx";

export interface BoardViewState {
  readonly snapshot: Signal<Snapshot | undefined>;
  /** Undefined until the chapter's client says something: chapter 00's never does. */
  readonly connection: Signal<ConnectionState | undefined>;
  readonly loadedAt: Signal<Date | undefined>;
  /** What went wrong last, as a sentence. */
  readonly problem: Signal<string | undefined>;
  /** Why the connection is over, as a sentence, while it is. */
  readonly endedBecause: Signal<string | undefined>;
  /** Who else is there, where the chapter's client says so. */
  readonly people: Signal<People | undefined>;
  /** What else there is to say about the connection. */
  readonly detail: Signal<string | undefined>;
}

/** The person who is signed in, as the header shows it. */
export interface Account {
  readonly name: string;
  signOut(): void;
}

export interface BoardViewProps {
  readonly state: BoardViewState;
  readonly api: BoardApi;
  readonly userId: string;
  /** Undefined in the chapters without accounts. */
  readonly account: Account | undefined;
  refresh(): Promise<void>;
  /** Starts all over, after an end. */
  loadAgain(): void;
  /** Stops following the board. */
  end(reason: string): void;
  /** The user types: in a task, or a new one. */
  onTyping(taskId?: string): void;
  onStopTyping(): void;
  /** The user changes something: at the click, and again if nothing came of it. */
  onChange(change: "begun" | "failed"): void;
}

/** Where a dragged card would land: before a card, or at the end of the list. */
interface DropPlace {
  readonly listId: string;
  readonly beforeId: string | undefined;
}

/** The title that is being edited. Kept here, not in the card: somebody may move the card to another list meanwhile. */
interface Editing {
  readonly taskId: string;
  readonly text: string;
}

export function BoardView({
  state,
  api,
  userId,
  account,
  refresh,
  loadAgain,
  end,
  onTyping,
  onStopTyping,
  onChange,
}: BoardViewProps) {
  const [drop, setDrop] = useState<DropPlace>();
  const editing = useSignal<Editing | undefined>(undefined);
  const [announcement, setAnnouncement] = useState("");
  // Of another user, soon: what was asked for by this one is nobody's business then.
  const isGone = useRef(false);
  useEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );
  const focusNext = useRef<{ taskId: string; direction?: Direction } | undefined>(undefined);
  const snapshot = state.snapshot.value;

  // The focus stays with its card.
  useLayoutEffect(() => {
    const wanted = focusNext.current;
    if (!wanted) return;
    focusNext.current = undefined;
    const card = document.querySelector(`[data-task-id="${CSS.escape(wanted.taskId)}"]`);
    const button = card?.querySelector<HTMLButtonElement>(`[data-direction="${wanted.direction}"]`);
    (button && !button.disabled ? button : card?.querySelector<HTMLElement>(".title"))?.focus();
  });

  // For as long as the field is open, also while somebody thinks.
  const editedId = editing.value?.taskId;
  useEffect(() => {
    if (editedId === undefined) return;
    const repeating = setInterval(() => onTyping(editedId), 1_000);
    return () => clearInterval(repeating);
  }, [editedId, onTyping]);

  // A text that somebody typed is never thrown away without a word.
  useEffect(() => {
    const edited = editing.value;
    if (!edited || !snapshot || snapshot.tasks.some((task) => task.id === edited.taskId)) return;
    editing.value = undefined;
    state.problem.value = `The task was deleted while you were editing it. Your text was: ${edited.text}`;
  }, [editing, snapshot, state]);

  if (!snapshot) return <NoBoard state={state} account={account} loadAgain={loadAgain} />;
  const { board, lists, tasks } = snapshot;
  const here = { people: state.people.value ?? { users: [], typing: [] }, snapshot, userId };

  /**
   * Makes a change, then shows the board as it is after it.
   * @returns whether the change was made
   */
  async function change(make: () => Promise<unknown>): Promise<boolean> {
    onChange("begun");
    try {
      await make();
    } catch (error) {
      if (isGone.current) return false;
      onChange("failed");
      fail(error as Error);
      return false;
    }
    state.problem.value = undefined;
    await look();
    return true;
  }

  async function look(): Promise<void> {
    await refresh().catch(fail);
  }

  function fail(error: Error): void {
    if (error instanceof SignedOutError) end(error.message);
    else state.problem.value = error.message;
  }

  /** @param direction the button that was pressed, if it was one: the focus stays on it */
  async function move(
    task: Task,
    listId: string,
    placement: Placement,
    direction?: Direction,
  ): Promise<void> {
    if (!(await change(() => api.moveTask(task.id, listId, placement)))) return;
    const now = state.snapshot.value;
    const siblings = now?.tasks.filter((each) => each.listId === listId) ?? [];
    const list = now?.lists.find((each) => each.id === listId);
    const place = siblings.findIndex((each) => each.id === task.id) + 1;
    // The card may be in another list now, and is another element there.
    if (direction) focusNext.current = { taskId: task.id, direction };
    setAnnouncement(`${task.title}: ${list?.name}, ${place} of ${siblings.length}`);
  }

  function moveByButton(task: Task, direction: Direction): void {
    const place = neighbour(lists, tasks, task, direction);
    if (place) move(task, place.listId, place, direction);
  }

  async function rename(taskId: string, title: string): Promise<void> {
    const done = await change(() => api.renameTask(taskId, title));
    if (!done && !isGone.current)
      state.problem.value = `${state.problem.value ?? ""} Your text was: ${title}`.trim();
  }

  function endEditing(task: Task, { save, keepFocus }: EndOfEditing): void {
    const edited = editing.value;
    // Set before the input goes: its going is a blur, which would end, and save, once more.
    editing.value = undefined;
    onStopTyping();
    if (edited?.taskId !== task.id) return;
    if (keepFocus) focusNext.current = { taskId: task.id };
    const title = edited.text.trim();
    if (save && title && title !== task.title) rename(task.id, title);
  }

  async function removeMember({ userId: id, name }: Member): Promise<void> {
    if (await change(() => api.removeMember(id))) setAnnouncement(`${name} was removed.`);
  }

  function leave(): Promise<boolean> {
    return change(async () => {
      await api.removeMember(userId);
      end("You have left this board.");
    });
  }

  return (
    <>
      <BoardTop name={board.name} state={state} account={account} refresh={look} loadAgain={loadAgain} />
      <p class="visually-hidden" role="status">
        {announcement}
      </p>
      {state.people.value && <WhoIsHere {...here} />}
      {account && (
        <Members
          members={board.members}
          userId={userId}
          onAdd={(id) => change(() => api.addMember(id))}
          onRemove={removeMember}
          onLeave={leave}
        />
      )}
      <div class="lists">
        {lists.map((list) => (
          <section
            key={list.id}
            class={drop?.listId === list.id ? "list drop-target" : "list"}
            aria-label={`${list.name}, as ${userId}`}
            data-list-id={list.id}
            onDragOver={(event) => {
              event.preventDefault();
              setDrop({ listId: list.id, beforeId: cardBelow(event) });
            }}
            onDragLeave={(event) => {
              if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDrop(undefined);
            }}
            onDrop={(event) => {
              event.preventDefault();
              setDrop(undefined);
              const dragged = tasks.find((task) => task.id === event.dataTransfer?.getData("text/plain"));
              if (dragged) move(dragged, list.id, placeBefore(tasks, list.id, cardBelow(event)));
            }}
          >
            <h2>{list.name}</h2>
            <ul>
              {tasks
                .filter((task) => task.listId === list.id)
                .map((task) => (
                  <TaskCard
                    key={task.id}
                    task={task}
                    isDropPlace={drop?.listId === list.id && drop.beforeId === task.id}
                    canMove={(direction) => neighbour(lists, tasks, task, direction) !== undefined}
                    text={editing.value?.taskId === task.id ? editing.value.text : undefined}
                    editors={editorsOf(here, task.id)}
                    onEdit={(text) => {
                      editing.value = { taskId: task.id, text };
                      onTyping(task.id);
                    }}
                    onEndEditing={(how) => endEditing(task, how)}
                    onMove={(direction) => moveByButton(task, direction)}
                    onDelete={() => change(() => api.deleteTask(task.id))}
                  />
                ))}
            </ul>
            <AddTask
              list={list}
              userId={userId}
              onTyping={onTyping}
              onStopTyping={onStopTyping}
              onAdd={(title) => change(() => api.createTask(list.id, title))}
            />
          </section>
        ))}
      </div>
    </>
  );
}

/** What is shown while there is no board to show. */
export function NoBoard({ state, account, loadAgain }: Omit<BoardTopProps, "name" | "refresh">) {
  if (state.connection.value === "ended") {
    return (
      <BoardTop name="No board" state={state} account={account} refresh={loadAgain} loadAgain={loadAgain} />
    );
  }
  const silence = state.connection.value === "waiting" ? "The server cannot be reached…" : "Loading…";
  return <p class="loading">{state.problem.value ?? silence}</p>;
}

interface BoardTopProps {
  readonly name: string;
  readonly state: BoardViewState;
  readonly account: Account | undefined;
  refresh(): void;
  loadAgain(): void;
}

function BoardTop({ name, state, account, refresh, loadAgain }: BoardTopProps) {
  return (
    <div class="board-top">
      <header class="board-header">
        <h1>{name}</h1>
        <Status state={state} refresh={refresh} loadAgain={loadAgain} />
        {account && (
          <p class="account">
            {account.name} ·{" "}
            <button type="button" onClick={account.signOut}>
              Sign out
            </button>
          </p>
        )}
      </header>
      {/* Not in the problem's place: the next change that succeeds takes that away, and an end stays. */}
      {state.connection.value === "ended" && (
        <p class="problem" role="alert">
          {state.endedBecause.value}
        </p>
      )}
      {state.problem.value && (
        <p class="problem" role="alert">
          {state.problem.value}{" "}
          <button type="button" onClick={() => (state.problem.value = undefined)}>
            OK
          </button>
        </p>
      )}
    </div>
  );
}

function Status({ state, refresh, loadAgain }: Pick<BoardTopProps, "state" | "refresh" | "loadAgain">) {
  const connection = state.connection.value;
  const { value: detail } = state.detail;
  if (connection === "live") return <p class="status live">live{detail && ` ${detail}`}</p>;
  if (connection === "waiting") {
    return <p class="status waiting">not connected, trying again{detail && `; ${detail}`}</p>;
  }
  if (connection === "ended") {
    return (
      <p class="status ended">
        ended{" "}
        <button type="button" onClick={loadAgain}>
          Load again
        </button>
      </p>
    );
  }
  return (
    <p class="status">
      as of {state.loadedAt.value?.toLocaleTimeString()}{" "}
      <button type="button" onClick={refresh}>
        Refresh
      </button>
    </p>
  );
}

function AddTask({
  list,
  userId,
  onTyping,
  onStopTyping,
  onAdd,
}: {
  list: List;
  userId: string;
  onTyping: () => void;
  onStopTyping: () => void;
  onAdd: (title: string) => Promise<boolean>;
}) {
  const [title, setTitle] = useState("");
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const text = title.trim();
    if (!text) return;
    // Cleared at once, so that the next title can be typed; brought back if the server refused this one.
    setTitle("");
    onStopTyping();
    if (!(await onAdd(text))) setTitle((typed) => typed || text);
  }
  return (
    <form class="add" onSubmit={submit}>
      <input
        aria-label={`New task in ${list.name}, as ${userId}`}
        placeholder="New task"
        maxLength={200}
        value={title}
        onInput={(event) => {
          setTitle(event.currentTarget.value);
          onTyping();
        }}
        onBlur={onStopTyping}
      />
      <button type="submit">Add</button>
    </form>
  );
}

/** Where a card goes by one press of an arrow, or undefined where there is nothing in that direction. */
function neighbour(
  lists: readonly List[],
  tasks: readonly Task[],
  task: Task,
  direction: Direction,
): (Placement & { listId: string }) | undefined {
  const siblings = tasks.filter((each) => each.listId === task.listId);
  const index = siblings.indexOf(task);
  if (direction === "up") {
    const above = siblings[index - 1];
    return above && { listId: task.listId, beforeId: above.id };
  }
  if (direction === "down") {
    const below = siblings[index + 1];
    return below && { listId: task.listId, afterId: below.id };
  }
  const step = direction === "left" ? -1 : 1;
  const list = lists[lists.findIndex((each) => each.id === task.listId) + step];
  return list && { listId: list.id };
}

/** The first card whose middle is below the pointer: what is dropped here goes before it. */
function cardBelow(event: DragEvent): string | undefined {
  const section = event.currentTarget as HTMLElement;
  for (const card of section.querySelectorAll<HTMLElement>("[data-task-id]")) {
    const { top, height } = card.getBoundingClientRect();
    if (event.clientY < top + height / 2) return card.dataset.taskId;
  }
  return undefined;
}

/** Both neighbours are named, so that the place survives if one of them is gone by then. */
function placeBefore(tasks: readonly Task[], listId: string, beforeId: string | undefined): Placement {
  const siblings = tasks.filter((task) => task.listId === listId);
  const index = beforeId === undefined ? siblings.length : siblings.findIndex((task) => task.id === beforeId);
  return { afterId: siblings[index - 1]?.id, beforeId };
}
