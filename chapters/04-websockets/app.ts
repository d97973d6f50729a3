// New: One connection that both sides send on whenever they like: a WebSocket.
// Run: npm run chapter 4
// Try: Look at the handshake and at the frames on the wire; then send the server something that it cannot understand.
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { createBoards } from "../../shared/board.ts";
import type { Database } from "../../shared/database.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../shared/refusal.ts";
import { taskRoutes } from "../00-request-response/task-routes.ts";
import { createBoardSockets } from "./board-sockets.ts";
import type { SocketSettings } from "./socket-server.ts";

const boardParams = z.object({ boardId: z.string() });

export interface AppOptions {
  readonly database: Database;
  /** Of each socket: sizes, rates, backlog. */
  readonly socketSettings?: SocketSettings;
}

export function createApp({ database, socketSettings }: AppOptions) {
  const boards = createBoards(database);
  const sockets = createBoardSockets(boards, socketSettings);

  const app = setup({
    routes: [
      ...taskRoutes(boards, (event) => sockets.publish(event)),

      route.get("/boards/:boardId", {
        request: { params: boardParams },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const snapshot = boards.snapshot(c.input.params.boardId);
          if (snapshot instanceof Refusal) return snapshot.toResponse();
          return Response.json(snapshot, { headers: { "cache-control": "no-store" } });
        },
      }),
    ],

    onNotFound: answerNotFound,
    onError: answerError,
  });

  return { ...app, upgrade: sockets.upgrade, close: () => sockets.close(), sockets };
}
