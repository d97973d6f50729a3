// Being there without a socket: a lease that is prolonged by request, as chapter 09 has it. The answers say who else is there.
import type { SignalMessage } from "../../board/messages.ts";
import type { Server } from "./requests.ts";

export interface PresenceLeaseOptions extends Server {
  readonly boardId: string;
  /** Of this connection. 8 to 64 letters, digits, _ or -. */
  readonly leaseId: string;
  onSignal(message: SignalMessage): void;
  /** How often, in milliseconds. The server forgets who has been silent for 30 s. @default 10000 */
  readonly refreshMs?: number | undefined;
}

/** After so long without another word somebody has stopped typing, in milliseconds. */
const TYPING_LASTS_MS = 5_000;
/** A request says that somebody is still typing so often at most, in milliseconds. */
const TYPING_EVERY_MS = 2_000;

export function createPresenceLease(options: PresenceLeaseOptions) {
  const { boardId, leaseId, baseUrl, onSignal, refreshMs = 10_000 } = options;
  const url = `${baseUrl}/boards/${encodeURIComponent(boardId)}/presence/${leaseId}`;
  const stopping = new AbortController();
  let typing: { readonly taskId?: string } | undefined;
  let typingSince = 0;
  let toldAt = 0;
  const timer = setInterval(refresh, refreshMs);

  function refresh(): void {
    if (Date.now() - typingSince > TYPING_LASTS_MS) typing = undefined;
    toldAt = Date.now();
    put().catch(() => {}); // the next one is soon
  }

  async function put(): Promise<void> {
    const response = await options.fetch(url, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(typing ? { typing } : {}),
      cache: "no-store",
      signal: stopping.signal,
    });
    if (!response.ok) return;
    const { users, typing: others } = await response.json();
    if (!stopping.signal.aborted) onSignal({ type: "presence", boardId, users, typing: others });
  }

  refresh();
  return {
    /** Call it as often as you like. */
    type(where: { readonly taskId?: string } | "stopped"): void {
      const next = where === "stopped" ? undefined : where;
      const isNew = next?.taskId !== typing?.taskId || (next === undefined) !== (typing === undefined);
      typing = next;
      typingSince = Date.now();
      if (isNew || (next && Date.now() - toldAt > TYPING_EVERY_MS)) refresh();
    },
    /** @param isLeaving the user is not on this board any more, by whatever connection */
    close(isLeaving = false): void {
      clearInterval(timer);
      stopping.abort();
      if (!isLeaving) return;
      options.fetch(url, { method: "DELETE", keepalive: true }).catch(() => {}); // its lease ends by itself
    },
  };
}
