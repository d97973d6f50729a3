import { useEffect, useState } from "preact/hooks";
import type { BoardEvent } from "../../board/events.ts";
import { useBoard } from "../board/context.ts";
import { activityOf } from "../board/who.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { EventList } from "./event-list.tsx";

/** What has happened on the board, newest first. */
export function Activity({ onClose }: { onClose(): void }) {
  const { model } = useBoard();
  const [events, setEvents] = useState<readonly BoardEvent[]>([]);
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();
  const seq = model.view.value?.seq;

  async function load(before?: number): Promise<void> {
    const reply = await activityOf(model.boardId, before);
    setProblem(reply.ok ? undefined : reply.error.message);
    if (!reply.ok) return;
    const { events: page } = reply.body;
    setEvents((shown) => merged(shown, page));
    if (before !== undefined || events.length === 0) setMore(reply.body.more);
  }

  // Live, as the board is.
  useEffect(() => {
    load();
  }, [seq]);

  return (
    <Dialog title="Activity" onClose={onClose}>
      <div class="dialog-body">
        {problem && <p class="quiet-text">{problem}</p>}
        <EventList events={events} />
        {more && (
          <button type="button" class="button quiet" onClick={() => load(events.at(-1)?.seq)}>
            Show more
          </button>
        )}
      </div>
    </Dialog>
  );
}

/** Newest first, each once. */
function merged(a: readonly BoardEvent[], b: readonly BoardEvent[]): readonly BoardEvent[] {
  const bySeq = new Map([...a, ...b].map((event) => [event.seq, event]));
  return [...bySeq.values()].sort((x, y) => y.seq - x.seq);
}
