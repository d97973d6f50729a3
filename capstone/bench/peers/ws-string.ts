// `ws` as most programs use it: the text is made once, and framed for every socket.
import { runPeer } from "./peer.ts";
import { openWsServer } from "./ws-server.ts";

runPeer(() =>
  openWsServer((room, text) => {
    for (const socket of room) socket.send(text);
  }),
);
