import type { BoardEvent } from "../../board/events.ts";
import { useBoard } from "../board/context.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { agoText, momentText } from "../widgets/dates.ts";
import { namesFrom } from "./event-names.ts";
import { eventText } from "./event-text.ts";

export interface EventListProps {
  /** Newest first. */
  readonly events: readonly BoardEvent[];
  /** Of the card that all of them are about. */
  readonly taskId?: string;
}

export function EventList({ events, taskId }: EventListProps) {
  const { model } = useBoard();
  // What things are called may change while the list is open.
  void model.view.value;
  const names = namesFrom(model, events, taskId);
  const undone = new Set(events.map(({ data }) => ("undoes" in data ? data.undoes : undefined)));
  return (
    <ul class="events">
      {events.map((event) => {
        const actor = model.members.value.get(event.actorId) ?? {
          userId: event.actorId,
          name: names.person(event.actorId),
        };
        const text = eventText(event, names);
        const isLost = isOwnDeletion(event, model.userId) && !undone.has(event.seq) && model.canEdit.value;
        return (
          <li key={event.seq}>
            <Avatar person={actor} title="" size="small" />
            <p>
              <strong>{actor.name}</strong> {text}{" "}
              <time dateTime={event.at} title={momentText(event.at)}>
                {agoText(event.at)}
              </time>
              {isLost && (
                <>
                  {" "}
                  <button
                    type="button"
                    class="link"
                    aria-label={`Undo: ${text}`}
                    onClick={() =>
                      model.run({ type: "undo", boardId: model.boardId, undone: { seq: event.seq } })
                    }
                  >
                    Undo
                  </button>
                </>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** There is no other way to it after a reload, and everybody can take back their own. */
function isOwnDeletion({ type, actorId }: BoardEvent, me: string): boolean {
  return actorId === me && (type === "list_deleted" || type === "task_deleted" || type === "comment_deleted");
}
