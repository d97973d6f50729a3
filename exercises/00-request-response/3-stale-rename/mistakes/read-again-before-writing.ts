// The form reads the task again and then still writes all fields: what somebody changes between the two is undone as before.
// Fails: a move that comes while the rename is on its way stays as well
// Lesson: chapters/00-request-response/README.md#build-it
// Hint: The newest copy is old as well when it arrives. Which fields do you have to send at all?
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
      const newest = fieldsOf(await send(`GET /tasks/${taskId}`));
      const saved = await send(`PATCH /tasks/${taskId}`, { ...newest, ...changed });
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
