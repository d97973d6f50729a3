// This server, whole: its real store on a real file, its door, its routes, its sockets and streams.
import { openDatabase } from "../../../shared/database.ts";
import { listen } from "../../../shared/serve.ts";
import { createApp } from "../../server/app.ts";
import { openSqliteStore } from "../../server/store/sqlite-store.ts";
import { temporaryDatabaseFile } from "./durable-board.ts";
import { change, fillBoard } from "./full-board.ts";
import { BOARD_ID, boardName } from "./made-up-log.ts";
import type { Dialect, Peer } from "./peer.ts";

const ENOUGH = { burst: 1e9, perSecond: 1e9 };

export async function openThisServer(path: string, dialect: Dialect): Promise<Peer> {
  const store = openSqliteStore({ database: openDatabase(temporaryDatabaseFile()) });
  const cookies = await fillBoard(store);
  const { port } = await listen(
    createApp({
      store,
      // A writer of the bench does as much as it can.
      limits: { messagesOfUser: ENOUGH, messagesOfAddress: ENOUGH },
      live: { maxMessagesPerSecond: ENOUGH.burst },
    }),
  );
  let renamed = 0;

  function rename(): void {
    renamed += 1;
    change(store, { type: "rename_board", boardId: BOARD_ID, board: { name: boardName(renamed) } });
  }

  return {
    address: { port, path, dialect, cookies },

    async head() {
      return (await store.head(BOARD_ID))?.seq ?? 0;
    },

    publishOne: rename,
    publishMany(count) {
      for (let index = 0; index < count; index += 1) rename();
    },
  };
}
