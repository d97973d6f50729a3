// What the sync core has to say to the user, as toasts. A conflict is resolved on the card.
import { effect } from "@preact/signals";
import type { BoardModel } from "../board-model.ts";
import { NO_FILTER } from "../filter.ts";
import { go, route } from "../router.ts";
import type { Notice } from "../sync/board-client.ts";
import { closeToast, showToast } from "../toasts.ts";

/** @returns stops */
export function showNotices(model: BoardModel): () => void {
  const shown = new Set<string>();
  if (!model.isDurable) {
    showToast({
      tone: "warning",
      text: "This browser lets the page keep nothing, as in some private windows: changes that are not sent yet are lost when you close it.",
      stayMs: 20_000,
    });
  }
  const stop = effect(() => {
    const { notices } = model.state.value;
    const at = route.value;
    // The board is being left.
    if (at.view !== "board" || at.boardId !== model.boardId) return;
    // While its card is open a conflict is in front of the user. Whoever closes the card without a choice has to be told.
    const told = notices.filter((notice) => notice.kind !== "conflict" || notice.taskId !== at.taskId);
    for (const notice of told) {
      if (shown.has(notice.id)) continue;
      shown.add(notice.id);
      show(model, notice);
    }
    const now = new Set(told.map(({ id }) => id));
    for (const id of shown) {
      if (now.has(id)) continue;
      shown.delete(id);
      closeToast(id);
    }
  });
  return () => {
    stop();
    for (const id of shown) closeToast(id);
  };
}

function show(model: BoardModel, notice: Notice): void {
  const { id } = notice;
  const onClose = () => model.client.dismiss(id);
  switch (notice.kind) {
    case "overruled": {
      const { event, back } = notice;
      const list = model.view.peek()?.lists.find((each) => each.id === event.data.task.listId);
      showToast({
        id,
        text: `${model.nameOf(event.actorId)} moved “${event.data.task.title}” to ${list?.name ?? "another list"} after you.`,
        actions: [{ name: "Put it back", run: () => model.run(back) }],
        stayMs: 15_000,
        onClose,
      });
      return;
    }
    case "rejected": {
      const { error, text } = notice;
      const who = error.code === "gone" && error.actorId ? ` ${model.nameOf(error.actorId)} deleted it.` : "";
      showToast({
        id,
        tone: "warning",
        text: `${notice.command.type === "undo" ? "Not undone" : "Not saved"}: ${inWordsOfPage(error.message)}${who}`,
        ...(text && { written: text }),
        // A text that was refused is not lost by looking away.
        stayMs: text ? undefined : 12_000,
        onClose,
      });
      return;
    }
    case "conflict": {
      const { taskId, conflicts } = notice;
      const title = model.view.peek()?.tasks.get(taskId)?.title ?? "a card";
      const fields = conflicts.map(({ field }) => field).join(" and ");
      showToast({
        id,
        tone: "warning",
        text: `You and ${model.nameOf(conflicts[0]?.actorId ?? "")} both changed the ${fields} of “${title}”.`,
        actions: [
          {
            name: "Look at both",
            run: () => go({ view: "board", boardId: model.boardId, taskId, filter: NO_FILTER }),
          },
        ],
        stayMs: undefined,
      });
    }
  }
}

/** The server speaks of tasks, as programs do. */
function inWordsOfPage(message: string): string {
  return message.replace(
    /\b(t|T)ask(s?)\b/g,
    (_, first: string, end: string) => `${first === "t" ? "c" : "C"}ard${end}`,
  );
}
