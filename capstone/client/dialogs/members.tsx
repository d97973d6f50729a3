import { useState } from "preact/hooks";
import type { Member, Role } from "../../board/events.ts";
import { request } from "../api.ts";
import { useBoard } from "../board/context.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Dialog } from "../widgets/dialog.tsx";
import { Field, Problem } from "../widgets/field.tsx";
import { Invitations } from "./invitations.tsx";
import { RemoveMember } from "./remove-member.tsx";

export const ROLES: Record<Role, string> = { owner: "Owner", editor: "Editor", viewer: "Viewer" };

/** Who may do what, and how others are let in. */
export function Members({ onClose }: { onClose(): void }) {
  const { model } = useBoard();
  const [problem, setProblem] = useState<string>();
  const [leaving, setLeaving] = useState<Member>();
  const isOwner = model.role.value === "owner";
  const path = `/boards/${encodeURIComponent(model.boardId)}/members`;

  async function send(method: string, at: string, body?: unknown): Promise<boolean> {
    const reply = await request(method, at, body);
    setProblem(reply.ok ? undefined : reply.error.message);
    return reply.ok;
  }

  return (
    <Dialog title="Members" onClose={onClose}>
      <div class="dialog-body">
        <ul class="rows">
          {[...model.members.value.values()].map((member) => (
            <li key={member.userId}>
              <Avatar person={member} title="" />
              <span>
                <strong>{member.name}</strong>
                <span class="quiet-text">{member.userId}</span>
              </span>
              {isOwner ? (
                <select
                  aria-label={`Role of ${member.name}`}
                  value={member.role}
                  onChange={async (event) => {
                    const select = event.currentTarget;
                    const at = `${path}/${encodeURIComponent(member.userId)}`;
                    const isDone = await send("PATCH", at, { role: select.value });
                    if (!isDone) select.value = member.role;
                  }}
                >
                  {Object.entries(ROLES).map(([role, name]) => (
                    <option key={role} value={role}>
                      {name}
                    </option>
                  ))}
                </select>
              ) : (
                <span class="badge">{ROLES[member.role]}</span>
              )}
              {(isOwner || member.userId === model.userId) && (
                <button type="button" class="button quiet danger" onClick={() => setLeaving(member)}>
                  {member.userId === model.userId ? "Leave" : "Remove"}
                  <span class="visually-hidden">
                    {" "}
                    {member.userId === model.userId ? "the board" : member.name}
                  </span>
                </button>
              )}
            </li>
          ))}
        </ul>
        <Problem text={problem} />
        {isOwner && (
          <>
            <form
              class="in-line"
              onSubmit={async (event) => {
                event.preventDefault();
                const form = event.currentTarget;
                const data = new FormData(form);
                const userId = String(data.get("userId")).trim();
                if (await send("POST", path, { userId, role: data.get("role") })) form.reset();
              }}
            >
              <Field label="Add a member" name="userId" required maxLength={64} placeholder="User name" />
              <div class="field">
                <label for="member-role">As</label>
                <select id="member-role" name="role">
                  <option value="editor">Editor</option>
                  <option value="viewer">Viewer</option>
                  <option value="owner">Owner</option>
                </select>
              </div>
              <button type="submit" class="button">
                Add
              </button>
            </form>
            <Invitations />
          </>
        )}
        <p class="hint">
          Owners manage members and may delete the board. Editors change lists and cards. Viewers read.
        </p>
      </div>
      {leaving && <RemoveMember member={leaving} onClose={() => setLeaving(undefined)} />}
    </Dialog>
  );
}
