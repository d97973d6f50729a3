import type { Connect } from "../../shared/web/connect.ts";
import { connectLive } from "./live-connection.ts";

/** The page has users who sign in. */
export const hasAccounts = true;

export const connect: Connect = (boardId, cursor, onEvents, onState, userId) =>
  connectLive(boardId, cursor, onEvents, onState, userId);
