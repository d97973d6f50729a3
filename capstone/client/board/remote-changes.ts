import type { RemoteChange } from "../announce.ts";
import type { Change } from "../board-model.ts";

/** What others have done to the places of cards. Nothing when the board was only just loaded. */
export function remoteChanges(
  { before, after }: Change,
  isOwn: (taskId: string) => boolean,
): readonly RemoteChange[] {
  const [then, now] = [before.view, after.view];
  if (!then || !now || then.tasks === now.tasks) return [];
  const changes: RemoteChange[] = [];
  const nameOf = (listId: string) => now.lists.find(({ id }) => id === listId)?.name ?? "";
  for (const task of now.tasks.values()) {
    const old = then.tasks.get(task.id);
    if (old === task || isOwn(task.id)) continue;
    if (old && old.listId === task.listId && old.position === task.position) continue;
    changes.push({
      taskId: task.id,
      title: task.title,
      kind: old ? "moved" : "added",
      listName: nameOf(task.listId),
    });
  }
  for (const task of then.tasks.values()) {
    if (now.tasks.has(task.id) || isOwn(task.id)) continue;
    changes.push({ taskId: task.id, title: task.title, kind: "deleted", listName: "" });
  }
  return changes;
}
