import type { Task } from "../../board/events.ts";
import {
  BottomIcon,
  DownIcon,
  HomeIcon,
  PencilIcon,
  PersonIcon,
  TopIcon,
  TrashIcon,
  UpIcon,
} from "../widgets/icons.tsx";
import type { MenuItem } from "../widgets/menu.tsx";
import { assign, deleteCard, focusCard, moveCard } from "./actions.ts";
import type { BoardContext } from "./context.ts";

/** What can be done with a card: the same as by dragging, and more. */
export function cardMenu({ model, openCard }: BoardContext, task: Task): MenuItem[] {
  const view = model.view.value;
  const columns = model.columns.value;
  const ids = (columns.get(task.listId) ?? []).map(({ id }) => id);
  const at = ids.indexOf(task.id);
  const isMine = task.assigneeId === model.userId;
  const move = (listId: string, index: number) => {
    moveCard(model, task.id, listId, index);
    // It may be drawn anew in another list: after that.
    requestAnimationFrame(() => focusCard(task.id));
  };
  const open: MenuItem = { name: "Open", icon: <PencilIcon />, run: () => openCard(task.id) };
  if (!model.canEdit.value) return [open];
  return [
    { ...open, name: "Edit" },
    {
      name: isMine ? "Take it off me" : "Assign to me",
      icon: <PersonIcon />,
      run: () => assign(model, task.id, isMine ? null : model.userId),
    },
    {
      name: "Move up",
      icon: <UpIcon />,
      apart: true,
      disabled: at <= 0,
      run: () => move(task.listId, at - 1),
    },
    {
      name: "Move down",
      icon: <DownIcon />,
      disabled: at === ids.length - 1,
      run: () => move(task.listId, at + 1),
    },
    { name: "To the top", icon: <TopIcon />, disabled: at <= 0, run: () => move(task.listId, 0) },
    {
      name: "To the bottom",
      icon: <BottomIcon />,
      disabled: at === ids.length - 1,
      run: () => move(task.listId, ids.length - 1),
    },
    {
      name: "Move to list",
      icon: <HomeIcon />,
      items: (view?.lists ?? []).map((list) => ({
        name: list.name,
        checked: list.id === task.listId,
        disabled: list.id === task.listId,
        run: () => move(list.id, columns.get(list.id)?.length ?? 0),
      })),
    },
    { name: "Delete", icon: <TrashIcon />, danger: true, apart: true, run: () => deleteCard(model, task.id) },
  ];
}
