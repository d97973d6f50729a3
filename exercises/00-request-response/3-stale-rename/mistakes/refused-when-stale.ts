// The form sends the version that it has seen: the rename is refused, though nobody else has touched the title.
// Fails: a rename leaves the card where somebody else has moved it
// Lesson: chapters/00-request-response/README.md#what-goes-over-the-wire
// Hint: A version is right for two people who change the same thing. Alice and Bob did not.
import type { Fields, Send } from "../exercise.ts";
import type { Task } from "../task-server.ts";

export async function openTaskForm(send: Send, taskId: string) {
  const opened = await send(`GET /tasks/${taskId}`);
  let fields = fieldsOf(opened);
  let version = opened?.version;

  return {
    fields: () => fields,

    change(change: Partial<Fields>): void {
      fields = { ...fields, ...change };
    },

    async save(): Promise<boolean> {
      const saved = await send(`PATCH /tasks/${taskId}`, { ...fields, version });
      if (!saved) return false;
      fields = fieldsOf(saved);
      version = saved.version;
      return true;
    },
  };
}

function fieldsOf(task: Task | undefined): Fields {
  if (!task) throw new Error("There is no such task.");
  const { title, description, assigneeId, listId } = task;
  return { title, description, assigneeId, listId };
}
