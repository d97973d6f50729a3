// After a save the form goes on showing the other fields as they were when it was opened: Bob sees a card in a list in which it is not.
// Fails: the form shows what was typed, and after a save what the server has
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: The answer to the `PATCH` is the whole task. What is it good for?

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
      changed = {};
      return true;
    },
  };
}

function fieldsOf(task: Task | undefined): Fields {
  if (!task) throw new Error("There is no such task.");
  const { title, description, assigneeId, listId } = task;
  return { title, description, assigneeId, listId };
}
