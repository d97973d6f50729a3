import type { Snapshot } from "../events.ts";
import type { People } from "./connect.ts";

/** Who is looking at the board, each once, and who is writing a new task. */
export function WhoIsHere({ people, snapshot, userId }: WhoIsHereProps) {
  const others = people.typing.filter((each) => each.userId !== userId && each.taskId === undefined);
  return (
    <div class="people">
      <ul aria-label="Here now">
        {people.users.map((each) => (
          <li key={each} class={each === userId ? "avatar me" : "avatar"} title={nameOf(snapshot, each)}>
            <span aria-hidden="true">{nameOf(snapshot, each).slice(0, 1)}</span>
            <span class="visually-hidden">{nameOf(snapshot, each)}</span>
          </li>
        ))}
      </ul>
      {others.length > 0 && <p>{sentence(names(snapshot, others), "is typing", "are typing")}</p>}
    </div>
  );
}

interface WhoIsHereProps {
  readonly people: People;
  readonly snapshot: Snapshot;
  readonly userId: string;
}

/** @returns who else is editing a task, as a sentence; undefined when nobody is */
export function editorsOf({ people, snapshot, userId }: WhoIsHereProps, taskId: string): string | undefined {
  const others = people.typing.filter((each) => each.userId !== userId && each.taskId === taskId);
  if (others.length === 0) return undefined;
  return sentence(names(snapshot, others), "is editing this task", "are editing this task");
}

function names(snapshot: Snapshot, typing: People["typing"]): string[] {
  return typing.map(({ userId }) => nameOf(snapshot, userId));
}

function nameOf({ board }: Snapshot, userId: string): string {
  return board.members.find((member) => member.userId === userId)?.name ?? userId;
}

function sentence(who: readonly string[], one: string, many: string): string {
  return `${who.join(" and ")} ${who.length === 1 ? one : many}`;
}
