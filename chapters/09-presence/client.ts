import type { Connect } from "../../shared/web/connect.ts";
import { connectLive } from "../07-reconnection/live-connection.ts";
import type { ClientMessage } from "./messages.ts";
import { createPeople } from "./people.ts";

/** The page has users who sign in. */
export const hasAccounts = true;

export const connect: Connect = (boardId, cursor, onEvents, onState, userId, onPeople) => {
  const live = connectLive(boardId, cursor, onEvents, onState, userId, createPeople(onPeople));
  const say = (message: ClientMessage) => live.send(message);
  return {
    ...live,
    typing: (taskId) => say({ type: "typing", boardId, ...(taskId && { taskId }) }),
    stopTyping: () => say({ type: "stop_typing", boardId }),
  };
};
