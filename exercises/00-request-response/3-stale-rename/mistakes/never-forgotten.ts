// What was saved once is sent again with every later save: the newer title of somebody else is undone.
// Fails: what was saved once is not sent again
// Lesson: chapters/00-request-response/README.md#what-breaks
// Hint: When Bob saves a second time, which fields has he changed since the first?

import type { Fields, Send } from "../exercise.ts";
import type { Task } from "../task-server.ts";

export async function openTaskForm(send: Send, taskId: string) {
  let fields = fieldsOf(await send(`GET /tasks/${taskId}`));
  let changed: Partial<Fields> = {};

  return {
    fields: () => fields,

    change(change: Partial<Fields>): void {
      fields = { ...fields, ...change };
      changed = { ...changed, ...change };
    },

    async save(): Promise<boolean> {
      const saved = await send(`PATCH /tasks/${taskId}`, changed);
      if (!saved) return false;
      fields = fieldsOf(saved);
      return true;
    },
  };
}

function fieldsOf(task: Task | undefined): Fields {
  if (!task) throw new Error("There is no such task.");
  const { title, description, assigneeId, listId } = task;
  return { title, description, assigneeId, listId };
}
