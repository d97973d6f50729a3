import { useState } from "preact/hooks";
import type { Member } from "../events.ts";

export interface MembersProps {
  readonly members: readonly Member[];
  /** Who looks at it. */
  readonly userId: string;
  /** @returns whether the user was added */
  onAdd(userId: string): Promise<boolean>;
  onRemove(member: Member): void;
  onLeave(): void;
}

/** Who is on the board. What is offered here is what the server allows; it is the server that decides. */
export function Members({ members, userId, onAdd, onRemove, onLeave }: MembersProps) {
  const isOwner = members.some((member) => member.userId === userId && member.role === "owner");
  return (
    <section class="members" aria-label="Members">
      <h2>Members</h2>
      <ul>
        {members.map((member) => {
          const isMe = member.userId === userId;
          return (
            <li key={member.userId}>
              {member.name} <span class="role">{member.role}</span>
              {isOwner && !isMe && (
                <button type="button" aria-label={`Remove ${member.name}`} onClick={() => onRemove(member)}>
                  Remove
                </button>
              )}
              {isMe && !isOwner && (
                <button type="button" onClick={onLeave}>
                  Leave
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {isOwner && <AddMember onAdd={onAdd} />}
    </section>
  );
}

function AddMember({ onAdd }: Pick<MembersProps, "onAdd">) {
  const [userId, setUserId] = useState("");
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const id = userId.trim();
    if (id && (await onAdd(id))) setUserId("");
  }
  return (
    <form class="add" onSubmit={submit}>
      <input
        aria-label="Add a member"
        placeholder="User"
        maxLength={64}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={userId}
        onInput={(event) => setUserId(event.currentTarget.value)}
      />
      <button type="submit">Add member</button>
    </form>
  );
}
