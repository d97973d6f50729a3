// A field that is empty counts as one that was not touched: nobody can empty a description or take an assignee away.
// Fails: a description can be emptied, and a task can be nobody's
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: `""` and `null` are values that somebody has chosen. What is different about a field that nobody has touched?
import type { Fields, Send } from "../exercise.ts";
import type { Task } from "../task-server.ts";

export async function openTaskForm(send: Send, taskId: string) {
  let fields = fieldsOf(await send(`GET /tasks/${taskId}`));
  let before = fields;

  return {
    fields: () => fields,

    change(change: Partial<Fields>): void {
      fields = { ...fields, ...change };
    },

    async save(): Promise<boolean> {
      const changed = Object.entries(fields).filter(
        ([name, value]) => value && value !== before[name as keyof Fields],
      );
      const saved = await send(`PATCH /tasks/${taskId}`, Object.fromEntries(changed));
      if (!saved) return false;
      fields = fieldsOf(saved);
      before = fields;
      return true;
    },
  };
}

function fieldsOf(task: Task | undefined): Fields {
  if (!task) throw new Error("There is no such task.");
  const { title, description, assigneeId, listId } = task;
  return { title, description, assigneeId, listId };
}
