import { useEffect, useState } from "preact/hooks";
import type { Task } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import { announce } from "../announce.ts";
import { useBoard } from "../board/context.ts";
import { randomId } from "../sync/tabs.ts";
import { createTyping } from "../typing.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { agoText, momentText } from "../widgets/dates.ts";
import { GrowingText } from "../widgets/grow.tsx";
import { LinkedText } from "../widgets/linked-text.tsx";

const FIELD = "comment";

export function Comments({ task }: { readonly task: Task }) {
  const { model } = useBoard();
  const { drafts } = model;
  const [text, setText] = useState(kept);
  const [typing] = useState(() => createTyping(model.client, task.id));
  useEffect(() => () => typing.stop(), [typing]);
  const comments = [...(model.view.value?.comments.values() ?? [])].filter(
    ({ taskId }) => taskId === task.id,
  );

  /** What was sent is among the comments, and not in the field again. */
  function kept(): string {
    const draft = drafts.read(task.id, FIELD);
    return draft && !draft.sentKey ? draft.text : "";
  }

  function write(value: string): void {
    setText(value);
    if (value === "") drafts.remove(task.id, FIELD);
    else drafts.write(task.id, FIELD, { text: value, version: task.version, base: "" });
    typing.touch();
  }

  function send(): void {
    const trimmed = text.trim();
    if (trimmed === "") return;
    typing.stop();
    const comment = { id: randomId(), text: trimmed };
    const key = model.run({ type: "add_comment", taskId: task.id, comment });
    drafts.write(task.id, FIELD, { text: trimmed, version: task.version, base: "", sentKey: key });
    setText("");
    announce("Comment added");
  }

  return (
    <>
      {comments.length === 0 && <p class="quiet-text">No comments yet.</p>}
      {comments.length > 0 && (
        <ul class="comments">
          {comments.map((comment) => {
            const author = model.members.value.get(comment.authorId) ?? {
              userId: comment.authorId,
              name: comment.authorId,
            };
            const mayDelete = comment.authorId === model.userId || model.role.value === "owner";
            return (
              <li key={comment.id} class="comment">
                <Avatar person={author} title="" />
                <div>
                  <p class="comment-head">
                    <strong>{author.name}</strong>{" "}
                    <time dateTime={comment.at} title={momentText(comment.at)}>
                      {agoText(comment.at)}
                    </time>
                    {mayDelete && model.canEdit.value && (
                      <button
                        type="button"
                        class="link"
                        aria-label={`Delete the comment “${comment.text.slice(0, 60)}”`}
                        onClick={() => model.run({ type: "delete_comment", commentId: comment.id })}
                      >
                        Delete
                      </button>
                    )}
                  </p>
                  <p class="comment-text" dir="auto">
                    <LinkedText text={comment.text} />
                  </p>
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {model.canEdit.value && (
        <form
          class="comment-form"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <GrowingText
            aria-label="Write a comment"
            placeholder="Write a comment…"
            rows={2}
            maxLength={LIMITS.comment}
            value={text}
            onInput={(event) => write(event.currentTarget.value)}
            onBlur={() => typing.stop()}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              send();
            }}
          />
          {text.trim() !== "" && (
            <div class="row">
              <button type="submit" class="button primary">
                Comment
              </button>
              <span class="hint">Ctrl + Enter sends</span>
            </div>
          )}
        </form>
      )}
    </>
  );
}
