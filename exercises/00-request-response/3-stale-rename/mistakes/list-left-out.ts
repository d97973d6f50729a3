// Only the list is left out of what is sent: other fields are still set back, and nobody can move a card in the form any more.
// Fails: a move leaves the description that somebody else has written
// Lesson: chapters/00-request-response/README.md#what-breaks
// Hint: It is not about the list. What was reported is one field of four, and it can happen to each.
import type { Fields, Send } from "../exercise.ts";
import type { Task } from "../task-server.ts";

export async function openTaskForm(send: Send, taskId: string) {
  let fields = fieldsOf(await send(`GET /tasks/${taskId}`));

  return {
    fields: () => fields,

    change(change: Partial<Fields>): void {
      fields = { ...fields, ...change };
    },

    async save(): Promise<boolean> {
      const { title, description, assigneeId } = fields;
      const saved = await send(`PATCH /tasks/${taskId}`, { title, description, assigneeId });
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
