// How the things are called that events speak of: as they are called now, or as they were when they were there.
import type { BoardEvent } from "../../board/events.ts";
import type { BoardModel } from "../board-model.ts";
import { type Names, taskIdOf } from "./event-text.ts";

/**
 * @param events what else is known, without gaps between them as far as `ownTaskId` is concerned
 * @param ownTaskId of the card that all of them are about
 */
export function namesFrom(
  model: Pick<BoardModel, "view" | "members" | "userId">,
  events: readonly BoardEvent[],
  ownTaskId?: string,
): Names {
  const view = model.view.peek();
  const latestFirst = [...events].sort((a, b) => b.seq - a.seq);

  /** The first answer of an event. */
  function found(ask: (event: BoardEvent) => string | undefined): string | undefined {
    for (const event of latestFirst) {
      const answer = ask(event);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  return {
    ownTaskId,
    list: (id) =>
      view?.lists.find((list) => list.id === id)?.name ??
      found((event) => listName(event, id)) ??
      "a deleted list",
    task: (id) => view?.tasks.get(id)?.title ?? found((event) => taskTitle(event, id)) ?? "a deleted card",
    person: (id) => model.members.peek().get(id)?.name ?? found((event) => memberName(event, id)) ?? id,
    comment: (id) => view?.comments.get(id)?.text ?? found((event) => commentText(event, id)),
    event: (seq) => latestFirst.find((event) => event.seq === seq),
    before({ seq, data: { task } }) {
      const earlier = latestFirst.find(
        (event) => event.seq < seq && "task" in event.data && taskIdOf(event) === task.id,
      );
      return earlier && "task" in earlier.data ? earlier.data.task : undefined;
    },
  };
}

function listName({ data }: BoardEvent, id: string): string | undefined {
  if ("list" in data) return data.list.id === id ? data.list.name : undefined;
  return "listId" in data && "name" in data && data.listId === id ? data.name : undefined;
}

function taskTitle({ data }: BoardEvent, id: string): string | undefined {
  if ("task" in data) return data.task.id === id ? data.task.title : undefined;
  return "title" in data && data.taskId === id ? data.title : undefined;
}

function memberName({ data }: BoardEvent, id: string): string | undefined {
  return "member" in data && data.member.userId === id ? data.member.name : undefined;
}

function commentText({ data }: BoardEvent, id: string): string | undefined {
  return "comment" in data && data.comment.id === id ? data.comment.text : undefined;
}
