// One address for all nodes.
import { startNginx } from "./nginx.ts";
import { findProgram } from "./program.ts";
import { startRoundRobin } from "./round-robin.ts";

export interface FrontOptions {
  /** 0 lets the system choose a free one. @default 0 */
  readonly port?: number;
  /** The ports of the nodes, on this machine. */
  readonly nodes: readonly number[];
}

/** What stands in front of the nodes, and gives each connection or request to one of them. */
export interface Front {
  readonly kind: "nginx" | "round robin";
  readonly port: number;
  /**
   * From now on these are the nodes. When it resolves, a new connection goes to one of them. Those that are open stay
   * with the node that they have. nginx closes those that are only kept for a next request; one that is just on its
   * way there meets a reset.
   */
  setNodes(ports: readonly number[]): Promise<void>;
  /** For good. What goes through it is cut. */
  stop(): Promise<void>;

  // Only a process of its own can fail alone.
  /** As if the power were cut. */
  kill?(): Promise<void>;
  /** After `kill`: again on the same port. Nothing happens if it runs. */
  start?(): Promise<void>;
  /** It stands still: connections stay open, and nothing goes through. */
  freeze?(): void;
  thaw?(): void;
}

/**
 * Uses nginx if it is there, else a simple proxy of our own, which is enough to follow the chapter.
 *
 * @param nginx its program; null for the simple proxy. @default what is installed
 * @throws {SettingError} when the port is taken or not allowed
 */
export function openFront(
  options: FrontOptions,
  nginx: string | null = findProgram("nginx") ?? null,
): Promise<Front> {
  return nginx === null ? startRoundRobin(options) : startNginx(options, { command: nginx });
}
