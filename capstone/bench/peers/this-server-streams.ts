import { BOARD_ID } from "./made-up-log.ts";
import { runPeer } from "./peer.ts";
import { openThisServer } from "./this-server.ts";

runPeer(() => openThisServer(`/boards/${BOARD_ID}/events`, "stream"));
