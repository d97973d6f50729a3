import type { Member } from "../../board/events.ts";
import { personColours } from "../colours.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { useBoard } from "./context.ts";

/** More are counted. */
const SHOWN = 4;

/** Who else is here now: the user is at the end of the header anyway. */
export function People() {
  const { model } = useBoard();
  const { users, typing } = model.state.value.people;
  const people = [...new Set(users)]
    .map((userId) => model.members.value.get(userId) ?? { userId, name: userId })
    .filter(({ userId }) => userId !== model.userId);
  const others = typing.filter(({ userId, taskId }) => !taskId && userId !== model.userId);
  return (
    <div class="people">
      {others[0] && (
        <span class="typing-new">
          {model.nameOf(others[0].userId)} is typing a new card
          <span class="dots" />
        </span>
      )}
      {people.length > 0 && (
        <ul class="people-list" aria-label="Who else is here">
          {people.slice(0, SHOWN).map((person) => (
            <li key={person.userId}>
              <Avatar person={person} title={`${person.name} is here`} />
            </li>
          ))}
          <More people={people.slice(SHOWN)} />
          <More people={people.slice(1)} isNarrow />
        </ul>
      )}
    </div>
  );
}

/** Those for whom there is no room: on a phone that is all but one. */
function More({
  people,
  isNarrow,
}: {
  readonly people: readonly Pick<Member, "name">[];
  isNarrow?: boolean;
}) {
  if (people.length === 0) return null;
  const names = people.map(({ name }) => name).join(", ");
  const label = `${people.length} more: ${names}`;
  return (
    <li class={isNarrow ? "more-narrow" : ""}>
      <span class="avatar more" role="img" aria-label={label} title={names}>
        +{people.length}
      </span>
    </li>
  );
}

export function editingText(editors: readonly Pick<Member, "name">[]): string {
  const names = editors.map(({ name }) => name);
  const all = names.length > 2 ? `${names.length} people` : names.join(" and ");
  return `${all} ${names.length === 1 ? "is" : "are"} editing`;
}

export function EditingBadge({ editors }: { readonly editors: readonly Member[] }) {
  const [first] = editors;
  if (!first) return null;
  return (
    <span class="editing" style={{ "--person": personColours(first.userId).background }}>
      {editingText(editors)}
      <span class="dots" />
    </span>
  );
}
