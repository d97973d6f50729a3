// Ports for programs that cannot say which one the system has given them.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { SettingError } from "../../../shared/settings.ts";

/** How often another port is tried. */
const ATTEMPTS = 5;

/** How long a start on the same port waits for somebody who has taken it meanwhile, in milliseconds. */
const PORT_WITHIN_MS = 2_000;

/** The port was somebody else's when the program wanted it. */
export class PortTakenError extends SettingError {
  constructor(port: number) {
    super(`Port ${port} is taken: stop the program that listens there, or set PORT to another number.`);
  }
}

/** A port on which nobody listens. Between this answer and its use somebody else can take it. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts something on a free port, and on another one if that was taken meanwhile.
 * @param start throws a `PortTakenError` if it was
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Starts something again on the port that it had. Its clients try to connect all the time, and the system may have
 * given one of them this very port to do it from: then the port is free again in a moment.
 *
 * @param start throws a `PortTakenError` if the port is taken
 */
export async function onSamePort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  const deadline = performance.now() + PORT_WITHIN_MS;
  for (;;) {
    try {
      return await start(port);
    } catch (error) {
      if (!(error instanceof PortTakenError) || performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}
