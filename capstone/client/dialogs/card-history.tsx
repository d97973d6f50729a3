import { useEffect, useState } from "preact/hooks";
import type { BoardEvent, Task } from "../../board/events.ts";
import { useBoard } from "../board/context.ts";
import { activityOf } from "../board/who.ts";
import { EventList } from "./event-list.tsx";
import { taskIdOf } from "./event-text.ts";

/** How far back one look goes, in events of the whole board. */
const PAGE = 200;

/** What has happened to a card, newest first. */
export function CardHistory({ task }: { readonly task: Task }) {
  const { model } = useBoard();
  const [events, setEvents] = useState<readonly BoardEvent[]>([]);
  const [next, setNext] = useState<number | undefined>();
  const [state, setState] = useState<"loading" | "failed" | "shown">("loading");

  async function load(before?: number): Promise<void> {
    setState("loading");
    const reply = await activityOf(model.boardId, before, PAGE);
    if (!reply.ok) return setState("failed");
    const mine = reply.body.events.filter((event) => taskIdOf(event) === task.id);
    setEvents((shown) => (before === undefined ? mine : [...shown, ...mine]));
    setNext(reply.body.more ? reply.body.events.at(-1)?.seq : undefined);
    setState("shown");
  }

  useEffect(() => {
    load();
  }, [task]);

  return (
    <>
      <EventList events={events} taskId={task.id} />
      {state === "shown" && events.length === 0 && (
        <p class="quiet-text">Nothing in the latest {PAGE} changes.</p>
      )}
      {state === "failed" && <p class="quiet-text">The history can be seen when you are online.</p>}
      {state === "shown" && next !== undefined && (
        <button type="button" class="button quiet" onClick={() => load(next)}>
          Look further back
        </button>
      )}
    </>
  );
}
