// Fields are compared with the task as it was when the form was opened: after one save, the old title cannot be given back.
// Fails: a new title can be taken back
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: After a save there is a newer state to compare with. Is it what you compare with?
import type { Fields, Send } from "../exercise.ts";
import type { Task } from "../task-server.ts";

export async function openTaskForm(send: Send, taskId: string) {
  let fields = fieldsOf(await send(`GET /tasks/${taskId}`));
  const opened = fields;

  return {
    fields: () => fields,

    change(change: Partial<Fields>): void {
      fields = { ...fields, ...change };
    },

    async save(): Promise<boolean> {
      const changed = Object.entries(fields).filter(
        ([name, value]) => value !== opened[name as keyof Fields],
      );
      const saved = await send(`PATCH /tasks/${taskId}`, Object.fromEntries(changed));
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
