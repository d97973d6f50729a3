// New: Rooms: a socket is on several boards at once, and hears who else is there.
// Run: npm run chapter 5
// Try: Look at the wire while Bob reloads his page; open Bob a second time; cut him.
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { createBoards } from "../../shared/board.ts";
import type { Database } from "../../shared/database.ts";
import { answerError, answerNotFound, badInput, Refusal } from "../../shared/refusal.ts";
import { taskRoutes } from "../00-request-response/task-routes.ts";
import type { SocketSettings } from "../04-websockets/socket-server.ts";
import { createRoomSockets } from "./room-sockets.ts";

const boardParams = z.object({ boardId: z.string() });

export interface AppOptions {
  readonly database: Database;
  /** Of each socket: sizes, rates, backlog. */
  readonly socketSettings?: SocketSettings;
}

export function createApp({ database, socketSettings }: AppOptions) {
  const boards = createBoards(database);
  const sockets = createRoomSockets(boards, socketSettings);

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
