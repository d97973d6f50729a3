import { describeForeignSockets } from "../../shared/testing/foreign-sockets.ts";
import { restartableBoard } from "../../shared/testing/restartable-board.ts";
import { createApp } from "./app.ts";

describeForeignSockets(() => restartableBoard((database) => createApp({ database }), import.meta.dirname));
