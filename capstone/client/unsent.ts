// What has not reached the server, of the user who is signed in, and who sees to it that it does.
import { computed, effect, signal } from "@preact/signals";
import { outboxOf } from "./outboxes.ts";
import { route } from "./router.ts";
import { type SendWaiting, sendWaiting, type Unsent } from "./send-waiting.ts";
import { endSession, session } from "./session.ts";
import { openBoardClient } from "./sync/board-client.ts";
import { browserTabs } from "./sync/tabs.ts";

/** By board. */
export const unsent = signal<ReadonlyMap<string, Unsent>>(new Map());

const ownerId = computed(() => session.value?.userId);
const openBoardId = computed(() => (route.value.view === "board" ? route.value.boardId : undefined));

/** For as long as somebody is signed in, on every page. */
export function startSending(): void {
  effect(() => {
    const userId = ownerId.value;
    if (userId === undefined) return;
    const stopping = new AbortController();
    sendFor(userId, stopping.signal);
    return () => stopping.abort();
  });
}

async function sendFor(userId: string, until: AbortSignal): Promise<void> {
  const outbox = await outboxOf(userId);
  if (until.aborted) return;
  const sending: SendWaiting = sendWaiting({
    outbox,
    openClient: (boardId) =>
      openBoardClient({ boardId, userId, outbox, tabs: browserTabs(), onSignedOut: endSession }),
  });
  const endFollowing = effect(() => sending.leaveTo(openBoardId.value));
  const endTelling = effect(() => {
    unsent.value = sending.unsent.value;
  });
  until.addEventListener("abort", () => {
    endFollowing();
    // It says that there is nothing, and that is the last that it says.
    sending.stop();
    endTelling();
  });
}
