import { runPeer } from "./peer.ts";
import { openThisServer } from "./this-server.ts";

runPeer(() => openThisServer("/ws", "board-socket"));
