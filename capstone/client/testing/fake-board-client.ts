// A board's client without a server: what is run is there at once, and a test says what others do.
import { applyEvent, type BoardState, stateOf } from "../../board/board-state.ts";
import type { Command } from "../../board/commands.ts";
import type { BoardEvent, DataOf, EventType, Snapshot } from "../../board/events.ts";
import { predict } from "../../board/predict.ts";
import type { BoardClient, ClientState } from "../sync/board-client.ts";

export interface FakeBoardClient extends BoardClient {
  /** Somebody else has done this. */
  remote<Type extends EventType>(actorId: string, type: Type, data: DataOf<Type>): void;
  set(change: Partial<ClientState>): void;
  /** What was run here, in order. */
  readonly ran: Command[];
}

export function createFakeBoardClient(snapshot: Snapshot, userId: string): FakeBoardClient {
  const listeners = new Set<() => void>();
  const eventListeners = new Set<(events: readonly BoardEvent[]) => void>();
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

  function run(command: Command): string {
    ran.push(command);
    const at = new Date().toISOString();
    set({ view: predict(state.view as BoardState, { command, actorId: userId, at }) });
    return crypto.randomUUID();
  }

  function remote<Type extends EventType>(actorId: string, type: Type, data: DataOf<Type>): void {
    const view = state.view as BoardState;
    const { id: boardId } = view.board;
    const event = {
      seq: view.seq + 1,
      type,
      boardId,
      actorId,
      at: new Date().toISOString(),
      data,
    } as BoardEvent;
    for (const listener of eventListeners) listener([event]);
    set({ view: applyEvent(view, event) });
  }

  return {
    ran,
    set,
    remote,
    run,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    subscribeEvents(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
    undo: () => undefined,
    redo: () => undefined,
    next: () => undefined,
    tryNow() {},
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
