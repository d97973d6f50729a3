// The demo users and boards: the course's own, with enough on them to look like a week of work.
import type { Database } from "../../../shared/database.ts";
import { Refusal } from "../../../shared/refusal.ts";
import { USERS } from "../../../shared/seed.ts";
import type { Command } from "../../board/commands.ts";
import type { MemberCommand, Store } from "./store.ts";

interface DemoTask {
  readonly id: string;
  readonly listId: string;
  readonly by: string;
  readonly title: string;
  readonly description?: string;
  readonly assigneeId?: string;
  readonly labels?: readonly string[];
  /** Days from today. */
  readonly dueIn?: number;
  readonly comments?: readonly (readonly [userId: string, text: string])[];
}

const TASKS: readonly DemoTask[] = [
  {
    id: "task-1",
    listId: "list-todo",
    by: "alice",
    title: "Write the release notes",
    description: "Three paragraphs at most: what is new, who it is for, and what we still owe people.",
    assigneeId: "alice",
    labels: ["text"],
    dueIn: 6,
    comments: [["bob", "I can read it on Thursday."]],
  },
  {
    id: "task-2",
    listId: "list-todo",
    by: "bob",
    title: "Check the page on a phone",
    description: "The menu covers the button on small screens. Turn the phone sideways, too.",
    assigneeId: "bob",
    labels: ["test", "phone"],
    dueIn: 2,
    comments: [
      ["bob", "At 360 pixels the price wraps onto two lines."],
      ["alice", "Then let us shorten the label to “Plans”."],
    ],
  },
  {
    id: "task-5",
    listId: "list-todo",
    by: "alice",
    title: "Ask three customers for a sentence about us",
    labels: ["text"],
    dueIn: 9,
  },
  {
    id: "task-6",
    listId: "list-todo",
    by: "bob",
    title: "Redirect the old addresses",
    description: "/pricing.html and /about-us.html still get a few hundred visits a week.",
    labels: ["server"],
    dueIn: 4,
  },
  {
    id: "task-7",
    listId: "list-todo",
    by: "alice",
    title: "Plan the launch day, hour by hour",
    labels: ["launch"],
  },
  {
    id: "task-3",
    listId: "list-doing",
    by: "bob",
    title: "Draw the logo",
    description: "Two colours, and readable at 16 pixels.",
    assigneeId: "bob",
    labels: ["design"],
    dueIn: 1,
    comments: [
      ["alice", "The second draft is the one. Could the corners be a little rounder?"],
      ["bob", "Rounder it is. New version this afternoon."],
    ],
  },
  {
    id: "task-8",
    listId: "list-doing",
    by: "alice",
    title: "Make the first page load in a second",
    description: "It is at 1.8 s on a slow phone. The pictures are most of it.",
    assigneeId: "alice",
    labels: ["server", "phone"],
    dueIn: 3,
  },
  {
    id: "task-9",
    listId: "list-doing",
    by: "bob",
    title: "Keyboard and screen reader: walk through every page",
    assigneeId: "bob",
    labels: ["test"],
    comments: [["bob", "The sign-up form is done, the footer is next."]],
  },
  {
    id: "task-4",
    listId: "list-done",
    by: "alice",
    title: "Buy the domain",
    assigneeId: "alice",
    labels: ["launch"],
    comments: [["alice", "Ours for three years."]],
  },
  {
    id: "task-10",
    listId: "list-done",
    by: "bob",
    title: "Choose the typeface",
    description: "One family, two weights, served from our own host.",
    assigneeId: "bob",
    labels: ["design"],
  },
  {
    id: "task-11",
    listId: "list-done",
    by: "alice",
    title: "Write down what we do not track",
    labels: ["text"],
  },
  {
    id: "task-12",
    listId: "list-done",
    by: "bob",
    title: "Set up the staging server",
    assigneeId: "bob",
    labels: ["server"],
    comments: [["alice", "Works here, and the certificate is valid."]],
  },
];

const LISTS = [
  { id: "list-todo", name: "To do" },
  { id: "list-doing", name: "Doing" },
  { id: "list-done", name: "Done" },
];

const DAY_MS = 24 * 3_600_000;

/**
 * Makes the demo users and boards that are not there. `board-1` is Alice's and Bob's, `board-2` is Carol's alone. Due dates follow from
 * today.
 *
 * @param database the store's
 * @param now the clock, in milliseconds since 1970
 */
export async function seedDemo(
  store: Store,
  database: Database,
  now: () => number = Date.now,
): Promise<void> {
  const admit = database.prepare("UPDATE users SET is_admin = 1 WHERE id = ?");
  for (const { id, name, passwordHash, isAdmin } of USERS) {
    if (await store.user(id)) continue;
    await store.createUser({ id, name, passwordHash });
    if (isAdmin) admit.run(id);
  }
  if (!(await store.head("board-2")))
    await store.createBoard("carol", { id: "board-2", name: "Carol's board" });
  if (await store.head("board-1")) return;
  // All asked for in one turn, and therefore done in one commit: there is no half of a demo board.
  const made = store.createBoard("alice", { id: "board-1", name: "Website launch" });
  const answers = demoCommands(now()).map(([userId, command]) => store.run(userId, undefined, command));
  const board = await made;
  const refused = (await Promise.all(answers)).find(({ status }) => status >= 400);
  // Another process that has begun at the same moment has made it.
  if (board instanceof Refusal && board.code === "exists") return;
  if (board instanceof Refusal) throw new Error(`The demo board was not made: ${board.message}`);
  if (refused) throw new Error(`The demo data is wrong: ${JSON.stringify(refused.body)}`);
}

function demoCommands(now: number): (readonly [userId: string, command: Command | MemberCommand])[] {
  const boardId = "board-1";
  return [
    ["alice", { type: "add_member", boardId, userId: "bob", role: "editor" }],
    ...LISTS.map((list) => ["alice", { type: "create_list", boardId, list }] as const),
    ...TASKS.flatMap(({ by, dueIn, comments = [], labels, ...task }) => {
      const dueOn = dueIn === undefined ? null : new Date(now + dueIn * DAY_MS).toISOString().slice(0, 10);
      return [
        [
          by,
          { type: "create_task", task: { ...task, dueOn, ...(labels && { labels: [...labels] }) } },
        ] as const,
        ...comments.map(
          ([userId, text], index) =>
            [
              userId,
              {
                type: "add_comment",
                taskId: task.id,
                comment: { id: `${task.id}-comment-${index + 1}`, text },
              },
            ] as const,
        ),
      ];
    }),
  ];
}
