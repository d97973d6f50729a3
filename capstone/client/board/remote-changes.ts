import type { RemoteChange } from "../announce.ts";
import type { Change } from "../board-model.ts";

/** What others have done to the places of cards and lists. */
export function remoteChanges({ events, after }: Change, userId: string): readonly RemoteChange[] {
  const nameOf = (listId: string) =>
    after.view?.lists.find(({ id }) => id === listId)?.name ?? "another list";
  return events.flatMap(({ actorId, type, data }): RemoteChange[] => {
    if (actorId === userId) return [];
    switch (type) {
      case "task_created":
      case "task_restored":
      case "task_moved": {
        const { id, title, listId } = data.task;
        const kind = type === "task_moved" ? "moved" : "added";
        return [{ id, actorId, kind, what: "card", title, listName: nameOf(listId) }];
      }
      case "task_deleted":
        return [{ id: data.taskId, actorId, kind: "deleted", what: "card", title: data.title }];
      case "list_created":
      case "list_restored":
      case "list_moved": {
        const { id, name } = data.list;
        return [{ id, actorId, kind: type === "list_moved" ? "moved" : "added", what: "list", title: name }];
      }
      case "list_deleted":
        return [{ id: data.listId, actorId, kind: "deleted", what: "list", title: data.name }];
      default:
        return [];
    }
  });
}

/** The tasks that the log has put elsewhere. */
export function movedTasks({ events }: Change): string[] {
  return events.flatMap(({ type, data }) => (type === "task_moved" ? [data.task.id] : []));
}
