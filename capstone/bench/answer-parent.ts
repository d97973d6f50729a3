// The other side of `processes.ts`: what runs in each process.
import type { Actions, Question, Reply } from "./processes.ts";

export function answerParent(actions: Actions): void {
  process.on("message", async ({ id, action, argument }: Question) => {
    let reply: Reply;
    try {
      reply = { id, value: await actions[action]?.(argument as never) };
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      reply = { id, error: { message, stack } };
    }
    process.send?.(reply);
  });
  process.on("disconnect", () => process.exit(0));
}
