// An upgrade that is refused gets an answer, like any other request.
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Sends an answer on the bare connection, and ends it. Node does nothing more for a request that asks for an upgrade. */
export async function refuseUpgrade(connection: Duplex, refusal: Response): Promise<void> {
  const body = await refusal.text();
  const headers = { ...Object.fromEntries(refusal.headers), connection: "close" };
  const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  // Whoever was refused has no say in how long the connection stays.
  connection.once("finish", () => connection.destroy());
  connection.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${head}\r\n${body}`);
}
