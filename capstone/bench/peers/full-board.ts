// A board in the real store, with as many members as it may have, all of them signed in.

import type { Command } from "../../board/commands.ts";
import { LIMITS } from "../../board/limits.ts";
import { createCredentials } from "../../server/auth/credentials.ts";
import type { MemberCommand, Store } from "../../server/store/store.ts";
import { TASKS } from "./durable-board.ts";
import { BOARD_ID } from "./made-up-log.ts";

const OWNER = "user-1";
const SESSION_MS = 3_600_000;

/** @returns the members' `Cookie` headers */
export async function fillBoard(store: Store): Promise<string[]> {
  const credentials = createCredentials(store, SESSION_MS, Date.now);
  const userIds = Array.from({ length: LIMITS.members }, (_, index) => `user-${index + 1}`);
  const cookies: string[] = [];
  for (const id of userIds) {
    await store.createUser({ id, name: `User ${id}`, passwordHash: undefined });
    const { token } = await credentials.create(id);
    cookies.push(`session=${token}`);
  }
  await store.createBoard(OWNER, { id: BOARD_ID, name: "Release" });
  for (const userId of userIds.slice(1)) {
    await change(store, { type: "add_member", boardId: BOARD_ID, userId, role: "editor" });
  }
  await change(store, { type: "create_list", boardId: BOARD_ID, list: { id: "list-1", name: "To do" } });
  for (let index = 1; index <= TASKS; index += 1) {
    await change(store, {
      type: "create_task",
      task: { id: `task-${index}`, listId: "list-1", title: "A task" },
    });
  }
  return cookies;
}

/** @throws when it is refused: then the bench is wrong */
export async function change(store: Store, command: Command | MemberCommand): Promise<void> {
  const { status, body } = await store.run(OWNER, undefined, command);
  if (status >= 300) throw new Error(`${command.type} was answered ${status}: ${JSON.stringify(body)}`);
}
