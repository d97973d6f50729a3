import { createBoardModel } from "./board-model.ts";
import { openBoardHere } from "./open-board.ts";
import { endSession } from "./session.ts";
import { start } from "./start.tsx";

start({
  async openModel(boardId, userId) {
    const { client, isDurable } = await openBoardHere(boardId, userId, endSession);
    return createBoardModel({ client, boardId, userId, isDurable });
  },
});

navigator.serviceWorker?.register("/sw.js").catch(() => {
  // Without it the page works, but only with a network.
});
