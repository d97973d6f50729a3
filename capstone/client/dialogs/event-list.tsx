import type { BoardEvent } from "../../board/events.ts";
import { useBoard } from "../board/context.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { agoText, momentText } from "../widgets/dates.ts";
import { eventText } from "./event-text.ts";

export function EventList({ events }: { readonly events: readonly BoardEvent[] }) {
  const { model } = useBoard();
  const view = model.view.value;
  const names = {
    list: (listId: string) => view?.lists.find(({ id }) => id === listId)?.name ?? "a deleted list",
    task: (taskId: string) => view?.tasks.get(taskId)?.title ?? "a deleted card",
    person: model.nameOf,
  };
  return (
    <ul class="events">
      {events.map((event) => {
        const actor = model.members.value.get(event.actorId) ?? {
          userId: event.actorId,
          name: event.actorId,
        };
        return (
          <li key={event.seq}>
            <Avatar person={actor} title="" size="small" />
            <p>
              <strong>{actor.name}</strong> {eventText(event, names)}{" "}
              <time dateTime={event.at} title={momentText(event.at)}>
                {agoText(event.at)}
              </time>
            </p>
          </li>
        );
      })}
    </ul>
  );
}
