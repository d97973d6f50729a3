import { useState } from "preact/hooks";
import { LIMITS } from "../../board/limits.ts";
import { Activity } from "../dialogs/activity.tsx";
import { DeleteBoard } from "../dialogs/delete-board.tsx";
import { Members } from "../dialogs/members.tsx";
import { Webhooks } from "../dialogs/webhooks.tsx";
import { AccountMenu } from "../widgets/account-menu.tsx";
import {
  ClockIcon,
  DotsIcon,
  DownloadIcon,
  HelpIcon,
  LinkIcon,
  Mark,
  PeopleIcon,
  RedoIcon,
  TrashIcon,
  UndoIcon,
} from "../widgets/icons.tsx";
import { MenuButton } from "../widgets/menu-button.tsx";
import { Rename } from "../widgets/rename.tsx";
import { useBoard } from "./context.ts";
import { FilterBar } from "./filter-bar.tsx";
import { People } from "./people.tsx";
import { StatusButton } from "./status.tsx";

const DIALOGS = { members: Members, activity: Activity, webhooks: Webhooks, delete: DeleteBoard } as const;

export function BoardHeader({ onHelp }: { onHelp(): void }) {
  const { model } = useBoard();
  const [opened, setOpened] = useState<keyof typeof DIALOGS>();
  const name = model.view.value?.board.name;
  const { pending, ...can } = model.state.value;
  // What is on its way can be taken back too, as soon as it has arrived.
  const canUndo = can.canUndo || pending.length > 0;
  const canRedo = can.canRedo;
  const isOwner = model.role.value === "owner";
  const canEdit = model.canEdit.value;
  const tip = (how: "undo" | "redo", key: string) => {
    const text = model.nextText(how);
    return `${how === "undo" ? "Undo" : "Redo"}${text === undefined ? "" : `: ${text}`} (${key})`;
  };
  const Opened = opened && DIALOGS[opened];
  return (
    <header class="board-head">
      <a class="home" href="/" aria-label="All boards" title="All boards">
        <Mark />
      </a>
      <h1 class="visually-hidden">{name ?? "A board"}</h1>
      <div class="board-name">
        {name !== undefined && (
          <Rename
            label="Board name"
            value={name}
            maxLength={LIMITS.boardName}
            disabled={!isOwner && !canEdit}
            onRename={(next) =>
              model.run({ type: "rename_board", boardId: model.boardId, board: { name: next } })
            }
          />
        )}
        {name !== undefined && !canEdit && <span class="badge">Read only</span>}
      </div>
      {name !== undefined && <FilterBar />}
      <div class="head-end">
        <People />
        <StatusButton />
        {canEdit && (
          <span class="wide-only undo-pair">
            <button
              type="button"
              class="icon-button"
              aria-label="Undo"
              title={tip("undo", "Ctrl Z")}
              aria-disabled={!canUndo}
              onClick={() => canUndo && model.undo()}
            >
              <UndoIcon />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label="Redo"
              title={tip("redo", "Ctrl Shift Z")}
              aria-disabled={!canRedo}
              onClick={() => canRedo && model.redo()}
            >
              <RedoIcon />
            </button>
          </span>
        )}
        <MenuButton
          name="Board menu"
          items={[
            { name: "Members and invitations", icon: <PeopleIcon />, run: () => setOpened("members") },
            { name: "Activity", icon: <ClockIcon />, run: () => setOpened("activity") },
            ...(isOwner ? [{ name: "Webhooks", icon: <LinkIcon />, run: () => setOpened("webhooks") }] : []),
            { name: "Undo", icon: <UndoIcon />, apart: true, disabled: !canUndo, run: () => model.undo() },
            { name: "Redo", icon: <RedoIcon />, disabled: !canRedo, run: () => model.redo() },
            {
              name: "Export as a file",
              icon: <DownloadIcon />,
              apart: true,
              run: () => location.assign(`/boards/${encodeURIComponent(model.boardId)}/export`),
            },
            { name: "Keyboard shortcuts", icon: <HelpIcon />, run: onHelp },
            ...(isOwner
              ? [
                  {
                    name: "Delete the board",
                    icon: <TrashIcon />,
                    danger: true,
                    apart: true,
                    run: () => setOpened("delete"),
                  },
                ]
              : []),
          ]}
        >
          <DotsIcon />
        </MenuButton>
        <AccountMenu />
      </div>
      {Opened && <Opened onClose={() => setOpened(undefined)} />}
    </header>
  );
}
