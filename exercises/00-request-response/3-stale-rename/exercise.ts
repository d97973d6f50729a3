import type { Task } from "./task-server.ts";

/** What a person can change in the form. */
export interface Fields {
  readonly title: string;
  readonly description: string;
  readonly assigneeId: string | null;
  /** The list that the task is in. Another one moves it. */
  readonly listId: string;
}

/** Sends a request, such as `PATCH /tasks/task-1`, and returns the task; undefined when the server refused. */
export type Send = (line: string, body?: object) => Promise<Task | undefined>;

/** Opens a form with the task as it is now. */
export async function openTaskForm(send: Send, taskId: string) {
  let fields = fieldsOf(await send(`GET /tasks/${taskId}`));

  return {
    /** What the form shows. */
    fields: () => fields,

    /** A person has typed or chosen something. */
    change(change: Partial<Fields>): void {
      fields = { ...fields, ...change };
    },

    /** Returns whether it was saved. */
    async save(): Promise<boolean> {
      const saved = await send(`PATCH /tasks/${taskId}`, fields);
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
