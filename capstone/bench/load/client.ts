// What the load asks of a client, whatever it speaks.
import type { Address } from "../peers/peer.ts";

export interface ClientEvents {
  /** It follows the board, or may write. */
  onReady(): void;
  /** An event of the board has come: its JSON is somewhere between `start` and `end`. */
  onEvent(bytes: Buffer, start: number, end: number): void;
  /** One of its changes was answered. */
  onAnswer(key: number, status: number): void;
  onLost(reason: string): void;
}

export interface ClientOptions extends ClientEvents {
  readonly address: Address;
  /** @default nobody */
  readonly cookie: string | undefined;
  /** Whether it follows the board. Else it writes. */
  readonly follows: boolean;
}

export interface Client {
  /**
   * Asks for a change of a task's title.
   * @param key a number of its own for each change
   */
  change(key: number, taskId: string, title: string): void;
  close(): void;
}

/** The head of a GET request. */
export function requestHead({ port, path }: Address, cookie: string | undefined, headers: string[]): string {
  const all = [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`, ...headers];
  if (cookie !== undefined) all.push(`Cookie: ${cookie}`);
  return `GET ${path} HTTP/1.1\r\n${all.join("\r\n")}\r\n\r\n`;
}
