// Grows ../../shared/hectoday-http/route.ts: a route that says what it is for, so that the documentation is made of the
// routes themselves and cannot be behind them.
import type { RouteDescriptor } from "@hectoday/http";
import type { ZodType } from "zod";

/**
 * Who may call it: anybody; whoever is signed in, or has an API token (for changes, one of scope `write`); only whoever has signed in
 * with a password or the like, because it concerns the account itself.
 */
export type Access = "anybody" | "signed-in" | "session";

export interface Documentation {
  /** One line, without a full stop. */
  readonly summary: string;
  /** What is to be known besides, in sentences. */
  readonly details?: string;
  readonly tag: Tag;
  /** @default "signed-in" */
  readonly access?: Access;
  /** It is a change of a board: it takes an `Idempotency-Key`, and its answer has the header `board-seq`. */
  readonly isCommand?: boolean;
  /** Of a body that the route reads itself. */
  readonly body?: ZodType;
  /** What the errors are that are not every route's, by status: their codes. */
  readonly refusals?: Readonly<Record<number, string>>;
  /** The answer is not JSON, by status: its media type. */
  readonly media?: Readonly<Record<number, string>>;
}

export const TAGS = {
  Accounts: "Who you are: signing up, in and out, and tokens for programs.",
  Boards: "Boards as a whole.",
  Lists: "The columns of a board.",
  Tasks: "What is on the cards, and what is said about them.",
  Following: "Hearing of changes as they happen. All four ways tell the same events, from the same log.",
  Members: "Who may be on a board.",
  Webhooks: "Telling other programs.",
  Operation: "For those who run this server.",
} as const;

export type Tag = keyof typeof TAGS;

export interface ApiRoute {
  readonly descriptor: RouteDescriptor;
  readonly documentation: Documentation;
}

export function documented(descriptor: RouteDescriptor, documentation: Documentation): ApiRoute {
  return { descriptor, documentation };
}
