// What a client knows of the others: signals, put together.
import type { People } from "../../shared/web/connect.ts";
import type { ServerMessage } from "./messages.ts";

export const NOBODY: People = { users: [], typing: [] };

/** @returns takes each message of the server, and tells who is there whenever that has changed */
export function createPeople(onPeople: (people: People) => void = () => {}): (message: object) => void {
  let people = NOBODY;
  return (message) => {
    const next = applySignal(people, message as ServerMessage);
    if (next !== people) onPeople(next);
    people = next;
  };
}

/** @returns what is known after one more message; the same object when it says nothing new */
export function applySignal(people: People, message: ServerMessage): People {
  switch (message.type) {
    case "presence":
      return { users: message.users, typing: message.typing };
    case "user_joined":
      if (people.users.includes(message.userId)) return people;
      return { ...people, users: [...people.users, message.userId].sort() };
    case "user_left":
      return {
        users: people.users.filter((userId) => userId !== message.userId),
        typing: people.typing.filter(({ userId }) => userId !== message.userId),
      };
    case "user_typing":
      return { ...people, typing: [...without(people, message), where(message)] };
    case "user_stopped_typing":
      return { ...people, typing: without(people, message) };
    default:
      return people;
  }
}

interface Where {
  readonly userId: string;
  readonly taskId?: string | undefined;
}

function without({ typing }: People, gone: Where): People["typing"] {
  return typing.filter(({ userId, taskId }) => userId !== gone.userId || taskId !== gone.taskId);
}

function where({ userId, taskId }: Where): Where {
  return { userId, ...(taskId !== undefined && { taskId }) };
}
