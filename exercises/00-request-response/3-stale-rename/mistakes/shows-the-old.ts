// What is typed is sent and not shown: Bob types a title, and his form has the old one until he saves.
// Fails: the form shows what was typed, and after a save what the server has
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: `change` now notes what has to be sent. What else has it done until now?

import type { Fields, Send } from "../exercise.ts";
import type { Task } from "../task-server.ts";

export async function openTaskForm(send: Send, taskId: string) {
  let fields = fieldsOf(await send(`GET /tasks/${taskId}`));
  let changed: Partial<Fields> = {};

  return {
    fields: () => fields,

    change(change: Partial<Fields>): void {
      changed = { ...changed, ...change };
    },

    async save(): Promise<boolean> {
      const saved = await send(`PATCH /tasks/${taskId}`, changed);
      if (!saved) return false;
      fields = fieldsOf(saved);
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
