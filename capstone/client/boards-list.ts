// The boards of the user: from the server, or those that this device has kept while the server cannot be reached.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Role } from "../board/events.ts";
import { request } from "./api.ts";
import { outboxOf } from "./outboxes.ts";
import { session } from "./session.ts";
import { browserHints } from "./sync/hints.ts";

export interface BoardSummary {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly tasks: number;
  readonly members: number;
}

export interface BoardsList {
  /** Undefined until the server has said it. */
  readonly boards: readonly BoardSummary[] | undefined;
  /** While the server cannot be reached: what can be opened all the same. */
  readonly kept: readonly { readonly id: string; readonly name: string }[];
  readonly problem: string | undefined;
  reload(): void;
}

/** Asks again by itself for as long as there is no answer. */
export function useBoardsList(): BoardsList {
  const [boards, setBoards] = useState<readonly BoardSummary[]>();
  const [kept, setKept] = useState<BoardsList["kept"]>([]);
  const [problem, setProblem] = useState<string>();
  const asking = useRef<() => void>(() => {});

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLeft = false;

    async function load(): Promise<void> {
      clearTimeout(timer);
      const reply = await request<{ boards: BoardSummary[] }>("GET", "/boards");
      if (isLeft) return;
      const text = reply.status === 0 ? "The server cannot be reached." : !reply.ok && reply.error.message;
      setProblem(text || undefined);
      if (reply.ok) return setBoards(reply.body.boards);
      if (reply.status !== 0 && reply.status < 500) return;
      clearTimeout(timer);
      // Those who have lost the server at the same time do not come back at the same time.
      timer = setTimeout(load, 2_000 + Math.random() * 4_000);
      const found = await keptBoards();
      if (!isLeft) setKept(found);
    }

    asking.current = load;
    load();
    // Whoever comes back to the page wants to see what is there now.
    addEventListener("focus", load);
    const unwatch = browserHints().watch((hint) => (hint === "online" || hint === "visible") && load());
    return () => {
      isLeft = true;
      clearTimeout(timer);
      unwatch();
      removeEventListener("focus", load);
    };
  }, []);

  return { boards, kept, problem, reload: () => asking.current() };
}

async function keptBoards(): Promise<BoardsList["kept"]> {
  const { userId } = session.peek() ?? {};
  if (userId === undefined) return [];
  const boards = await outboxOf(userId)
    .then((outbox) => outbox.boards())
    .catch(() => []);
  return [...boards].sort((a, b) => a.name.localeCompare(b.name));
}
