import { useState } from "preact/hooks";
import type { Member } from "../../board/events.ts";
import { request } from "../api.ts";
import { useBoard } from "../board/context.ts";
import { go } from "../router.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { Problem } from "../widgets/field.tsx";

export interface RemoveMemberProps {
  readonly member: Member;
  onClose(): void;
}

/** Nobody takes it back: so it is asked before. */
export function RemoveMember({ member, onClose }: RemoveMemberProps) {
  const { model } = useBoard();
  const [problem, setProblem] = useState<string>();
  const isMe = member.userId === model.userId;

  async function remove(): Promise<void> {
    const path = `/boards/${encodeURIComponent(model.boardId)}/members/${encodeURIComponent(member.userId)}`;
    const reply = await request("DELETE", path);
    if (!reply.ok) return setProblem(reply.error.message);
    if (isMe) go("/");
    else onClose();
  }

  return (
    <Dialog title={isMe ? "Leave the board?" : `Remove ${member.name}?`} kind="small" onClose={onClose}>
      <div class="dialog-body stack">
        <p>
          {isMe
            ? "You will not see it any more. To come back you need an owner, or an invitation link that is still valid."
            : "They stop seeing the board at once; what they have written stays. Invitation links that were made so far stop working."}
        </p>
        <Problem text={problem} />
        <div class="row end">
          <button type="button" class="button quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="button" class="button danger solid" onClick={remove}>
            {isMe ? "Leave" : "Remove"}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
