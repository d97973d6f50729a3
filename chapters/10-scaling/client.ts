import type { Connect } from "../../shared/web/connect.ts";
import { connectLive } from "../07-reconnection/live-connection.ts";
import type { ClientMessage } from "../09-presence/messages.ts";
import { createPeople } from "../09-presence/people.ts";

/** The page has users who sign in. */
export const hasAccounts = true;

export const connect: Connect = (boardId, cursor, onEvents, onState, userId, onPeople) => {
  const onPresence = createPeople(onPeople);
  let node: string | undefined;
  const live = connectLive(
    boardId,
    cursor,
    onEvents,
    (state, detail) => onState(state, state === "live" ? node : detail),
    userId,
    (message) => {
      if ("name" in message) node = `on ${message.name}`;
      onPresence(message);
    },
  );
  const say = (message: ClientMessage) => live.send(message);
  return {
    ...live,
    typing: (taskId) => say({ type: "typing", boardId, ...(taskId && { taskId }) }),
    stopTyping: () => say({ type: "stop_typing", boardId }),
  };
};
