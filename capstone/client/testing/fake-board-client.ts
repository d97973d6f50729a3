// A board's client without a server: what is run is there at once, and a test says what others do.
import { type BoardState, stateOf } from "../../board/board-state.ts";
import type { Command } from "../../board/commands.ts";
import type { Snapshot } from "../../board/events.ts";
import { predict } from "../../board/predict.ts";
import type { BoardClient, ClientState } from "../sync/board-client.ts";

export interface FakeBoardClient extends BoardClient {
  /** Somebody else has done this. */
  remote(actorId: string, command: Command): void;
  set(change: Partial<ClientState>): void;
  /** What was run here, in order. */
  readonly ran: Command[];
}

export function createFakeBoardClient(snapshot: Snapshot, userId: string): FakeBoardClient {
  const listeners = new Set<() => void>();
  const ran: Command[] = [];
  let state: ClientState = {
    view: stateOf(snapshot),
    status: { state: "live", transport: "socket", forced: false, waiting: 0 },
    people: { users: [userId], typing: [] },
    pending: [],
    notices: [],
    canUndo: false,
    canRedo: false,
  };

  function set(change: Partial<ClientState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  function apply(actorId: string, command: Command): void {
    const at = new Date().toISOString();
    const view = predict(state.view as BoardState, { command, actorId, at });
    set({ view: { ...view, seq: view.seq + 1 } });
  }

  return {
    ran,
    set,
    remote: apply,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    run(command) {
      ran.push(command);
      apply(userId, command);
      return crypto.randomUUID();
    },
    undo() {},
    redo() {},
    typing() {},
    stopTyping() {},
    force: (transport) =>
      set({
        status: {
          ...state.status,
          forced: transport !== "auto",
          transport: transport === "auto" ? "socket" : transport,
        },
      }),
    dismiss: (id) => set({ notices: state.notices.filter((notice) => notice.id !== id) }),
    async close() {
      listeners.clear();
    },
  };
}
