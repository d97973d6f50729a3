// Grows ../09-presence/presence-sockets.ts: each socket is told which node it has come to. Nothing depends on it; it is for
// people who want to see what happens.
import type { Extension } from "../06-auth/member-sockets.ts";

/** @param name as it is shown */
export function nodeSockets<Extra extends object>(
  extension: Extension<Extra>,
  name: string,
): Extension<Extra> {
  return {
    ...extension,
    onOpen(socket) {
      socket.send({ type: "node", name });
      return extension.onOpen(socket);
    },
  };
}
