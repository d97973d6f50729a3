import { useEffect, useMemo, useState } from "preact/hooks";
import { useArrival } from "../arrival.ts";
import { Canvas } from "../board/canvas.tsx";
import { type BoardContext, BoardProvider } from "../board/context.ts";
import { BoardHeader } from "../board/header.tsx";
import { startKeys } from "../board/keys.ts";
import { showNotices } from "../board/notices.ts";
import type { BoardModel } from "../board-model.ts";
import { CardDialog } from "../dialogs/card-dialog.tsx";
import { ShortcutsHelp } from "../dialogs/shortcuts-help.tsx";
import type { Filter } from "../filter.ts";
import { go } from "../router.ts";
import { hrefOf } from "../routes.ts";
import { Message } from "./message.tsx";
import { UnsavedTexts } from "./unsaved-texts.tsx";

export interface BoardProps {
  readonly boardId: string;
  readonly userId: string;
  readonly taskId: string | undefined;
  readonly filter: Filter;
  openModel(boardId: string, userId: string): Promise<BoardModel>;
}

export function Board({ boardId, userId, taskId, filter, openModel }: BoardProps) {
  const [model, setModel] = useState<BoardModel>();
  useEffect(() => {
    const opening = openModel(boardId, userId);
    let isLeft = false;
    opening.then((opened) => {
      if (!isLeft) setModel(opened);
    });
    return () => {
      isLeft = true;
      setModel(undefined);
      opening.then((opened) => opened.close());
    };
  }, [boardId, userId, openModel]);

  return model ? <OpenBoard key={boardId} model={model} taskId={taskId} filter={filter} /> : null;
}

function OpenBoard({ model, taskId, filter }: Pick<BoardProps, "taskId" | "filter"> & { model: BoardModel }) {
  const [isHelping, setHelping] = useState(false);
  const { state } = model.state.value.status;
  const name = model.view.value?.board.name;
  const title = (taskId && model.view.value?.tasks.get(taskId)?.title) || name;
  const context = useMemo<BoardContext>(
    () => ({
      model,
      filter,
      openCard: (id) => go({ view: "board", boardId: model.boardId, taskId: id, filter }),
    }),
    [model, filter],
  );

  useArrival();
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
  useEffect(() => startKeys({ model, help: () => setHelping(true) }), [model]);
  useEffect(() => showNotices(model), [model]);

  if (state === "removed") {
    return (
      <Message title="You are not a member of this board">
        <p>
          One of its owners can add you.
          {name === undefined && " If you have never seen it, the link may be incomplete."}
        </p>
        <UnsavedTexts model={model} />
        <a class="button" href="/">
          To your boards
        </a>
      </Message>
    );
  }
  if (state === "gone") {
    return (
      <Message title="This board does not exist">
        <p>It was deleted.</p>
        <UnsavedTexts model={model} />
        <a class="button" href="/">
          To your boards
        </a>
      </Message>
    );
  }
  return (
    <BoardProvider value={context}>
      <div class="board-page">
        <a class="skip-link" href="#board" data-reload>
          To the lists
        </a>
        <BoardHeader onHelp={() => setHelping(true)} />
        {state === "signed-out" && (
          <div class="notice warning bar" role="alert">
            <p>You are signed out. What you have changed is kept on this device.</p>
            <a
              class="button"
              href={hrefOf({
                view: "sign-in",
                next: hrefOf({ view: "board", boardId: model.boardId, taskId, filter }),
              })}
            >
              Sign in
            </a>
          </div>
        )}
        <main class="board-main" id="main">
          {name === undefined ? <LoadingBoard /> : <Canvas />}
        </main>
        {name !== undefined && taskId !== undefined && <CardDialog key={taskId} taskId={taskId} />}
        {isHelping && <ShortcutsHelp onClose={() => setHelping(false)} />}
      </div>
    </BoardProvider>
  );
}

/** Where the lists will be. */
function LoadingBoard() {
  return (
    <div class="canvas loading" aria-hidden="true">
      {[4, 2, 3].map((cards, index) => (
        <div key={cards} class="column">
          <div class="ghost head" />
          {Array.from({ length: cards }, (_, card) => (
            <div key={`${index}-${card}`} class="ghost" />
          ))}
        </div>
      ))}
    </div>
  );
}
