// The simplest load balancer: a TCP proxy that gives each new connection to the next node.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { SettingError } from "../../../shared/settings.ts";
import { PortTakenError } from "./free-port.ts";
import type { Front, FrontOptions } from "./front.ts";

const HOST = "127.0.0.1";

/**
 * It knows nothing of HTTP. So all requests on one connection go to the same node, an answer does not say which
 * node it is from, and a frozen node is not noticed: its system still takes connections.
 *
 * @throws {SettingError} when the port is taken or not allowed
 */
export async function startRoundRobin({ port = 0, nodes }: FrontOptions): Promise<Front> {
  let ports = [...nodes];
  let turn = 0;
  const open = new Set<Socket>();

  // Half open is allowed: a FIN says that one side has finished, and it may still be listening.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, async (client) => {
    remember(client);
    const first = turn;
    turn += 1;
    const order = ports.map((_, index) => ports[(first + index) % ports.length] as number);
    const node = await connectToFirst(order, remember);
    if (node && !client.destroyed) join(client, node);
    else {
      // We could not even say 503: that would be HTTP.
      client.resetAndDestroy();
      node?.destroy();
    }
  });

  function remember(socket: Socket): void {
    open.add(socket);
    socket.on("error", () => {}); // "close" follows
    socket.once("close", () => open.delete(socket));
  }

  try {
    server.listen(port, HOST);
    await once(server, "listening");
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, port);
  }

  return {
    kind: "round robin",
    port: (server.address() as AddressInfo).port,
    async setNodes(next) {
      ports = [...next];
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.resetAndDestroy();
      await closed;
    },
  };
}

/** The first of these ports that takes a connection. */
async function connectToFirst(
  ports: readonly number[],
  remember: (socket: Socket) => void,
): Promise<Socket | undefined> {
  for (const port of ports) {
    const socket = connect({ port, host: HOST, allowHalfOpen: true, noDelay: true });
    remember(socket);
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      // It refuses: the next one.
    }
  }
  return undefined;
}

/** What one side sends, the other gets: bytes, the end, and also a reset. */
function join(client: Socket, node: Socket): void {
  for (const [from, to] of [
    [client, node],
    [node, client],
  ] as const) {
    from.pipe(to);
    from.once("close", (hadError) => {
      if (hadError) to.resetAndDestroy();
      // A side that is gone takes nothing any more. What it sent before is still delivered.
      else to.destroySoon();
    });
  }
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") return new PortTakenError(port);
  if (error.code !== "EACCES") return error;
  return new SettingError(`Port ${port} is not allowed for this user: set PORT to a number above 1023.`);
}
