import type { Member, Task } from "../../board/events.ts";
import { dueState } from "../filter.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { dayText } from "../widgets/dates.ts";
import { CalendarIcon, CommentIcon, DotsIcon, TextIcon } from "../widgets/icons.tsx";
import { Label } from "../widgets/label.tsx";
import { memo } from "../widgets/memo.ts";
import { EditingBadge } from "./people.tsx";

export interface CardProps {
  readonly task: Task;
  readonly href: string;
  readonly comments: number;
  readonly assignee: Member | undefined;
  readonly editors: readonly Member[] | undefined;
  /** Whether a change of it has not arrived. */
  readonly isWaiting: boolean;
  /** As in `dayOf`. */
  readonly today: string;
}

/** Clicks on the menu button are heard by the board: a thousand cards have no listener of their own. */
export const Card = memo(function Card(props: CardProps) {
  const { task, href, comments, assignee, editors, isWaiting, today } = props;
  const due = dueState(task.dueOn, today);
  const hasFacts = task.dueOn !== null || comments > 0 || task.description !== "" || assignee;
  return (
    <li class="card" id={`card-${task.id}`} data-task-id={task.id} {...(isWaiting && { "data-waiting": "" })}>
      {task.labels.length > 0 && (
        <div class="card-labels">
          {task.labels.map((label) => (
            <Label key={label} text={label} />
          ))}
        </div>
      )}
      <a class="card-title" dir="auto" href={href} data-part="open" draggable={false}>
        {task.title}
      </a>
      <button
        type="button"
        class="card-menu icon-button"
        aria-label={`Actions for “${task.title}”`}
        aria-haspopup="menu"
        data-part="menu"
      >
        <DotsIcon />
      </button>
      {hasFacts && (
        <div class="card-facts">
          {task.dueOn !== null && (
            <span class={`due ${due}`}>
              <CalendarIcon />
              <span class="visually-hidden">{due === "overdue" ? "Overdue since" : "Due"} </span>
              {due === "today" ? "Today" : dayText(task.dueOn, today)}
            </span>
          )}
          {task.description !== "" && (
            <span class="fact" title="Has a description">
              <TextIcon />
              <span class="visually-hidden">Has a description</span>
            </span>
          )}
          {comments > 0 && (
            <span class="fact">
              <CommentIcon />
              {comments}
              <span class="visually-hidden"> {comments === 1 ? "comment" : "comments"}</span>
            </span>
          )}
          {isWaiting && <span class="fact waiting">Not sent yet</span>}
          {assignee && <Avatar person={assignee} title={`Assigned to ${assignee.name}`} size="small" />}
        </div>
      )}
      {isWaiting && !hasFacts && (
        <div class="card-facts">
          <span class="fact waiting">Not sent yet</span>
        </div>
      )}
      {editors && <EditingBadge editors={editors} />}
    </li>
  );
});
