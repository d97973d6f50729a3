// Grows ../03-sse/board-streams.ts: only members get a stream, and it ends with their permission, and says why.
import type { Boards } from "../../shared/board.ts";
import { Refusal } from "../../shared/refusal.ts";
import { createBoardStreams, type StreamSettings } from "../03-sse/board-streams.ts";
import { type EventStream, encodeEvent, STREAM_HEADERS } from "../03-sse/event-stream.ts";
import { type Auth, tooMany } from "./auth.ts";
import type { MembersOnly } from "./members-only.ts";
import type { PermissionEnd } from "./permissions.ts";
import type { Session } from "./sessions.ts";

export type { StreamSettings };

export type MemberStreams = ReturnType<typeof createMemberStreams>;

export function createMemberStreams(
  boards: Boards,
  members: MembersOnly,
  auth: Pick<Auth, "permissions">,
  settings?: StreamSettings,
) {
  const streams = createBoardStreams(boards, settings);
  const byBoard = new Map<string, Set<EventStream>>();

  async function open(session: Session, boardId: string, after: string | undefined): Promise<Response> {
    const mayRead = () => members.readAs(session.userId).head(boardId);
    const found = mayRead();
    if (found instanceof Refusal) return found.toResponse();
    if (!(await auth.permissions.mayHold(session.userId))) return tooMany(1_000);
    // First the permission, and then once more the question: whoever is removed from here on is shown out by it.
    const permission = auth.permissions.hold(session, boardId);
    const still = mayRead();
    if (still instanceof Refusal) {
      permission.release();
      return still.toResponse();
    }
    return streams.open(boardId, after, (stream) => {
      const { signal } = permission;
      const onEnd = () => sayWhyAndClose(stream, signal.reason);
      if (signal.aborted) {
        permission.release();
        onEnd();
        return () => {};
      }
      signal.addEventListener("abort", onEnd);
      const others = byBoard.get(boardId) ?? new Set();
      byBoard.set(boardId, others.add(stream));
      return () => {
        permission.release();
        others.delete(stream);
        if (others.size === 0 && byBoard.get(boardId) === others) byBoard.delete(boardId);
      };
    });
  }

  /** Whoever asks for the head only must not leave a stream behind. */
  function head({ userId }: Session, boardId: string): Response {
    const found = members.readAs(userId).head(boardId);
    return found instanceof Refusal ? found.toResponse() : new Response(null, { headers: STREAM_HEADERS });
  }

  /**
   * Tells all streams on a board something that is about now. It has no id: whoever comes back must not ask for what is
   * after it. A slow reader does without.
   */
  function signalAll(boardId: string, type: string, data: object): void {
    const bytes = encodeEvent({ type, data: JSON.stringify(data) });
    for (const stream of byBoard.get(boardId) ?? []) if (!stream.isBehind) stream.send(bytes);
  }

  return {
    open,
    head,
    signal: signalAll,
    publish: streams.publish,
    close: streams.close,
    /** How many streams are open. */
    get size() {
      return streams.size;
    },
  };
}

/**
 * A stream has no close code, and an EventSource never sees the status of an answer. What it does see is an event: this
 * one has no id, because it is not in the log.
 */
function sayWhyAndClose(stream: EventStream, end: PermissionEnd): void {
  stream.send(encodeEvent({ type: "end", data: JSON.stringify(end) }));
  stream.close();
}
