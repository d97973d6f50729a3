import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../board/limits.ts";
import { request } from "../api.ts";
import { useArrival } from "../arrival.ts";
import { useBoardsList } from "../boards-list.ts";
import { go } from "../router.ts";
import { unsentText } from "../send-waiting.ts";
import { randomId } from "../sync/tabs.ts";
import { showError, showToast } from "../toasts.ts";
import { unsent } from "../unsent.ts";
import { PlusIcon, UploadIcon } from "../widgets/icons.tsx";
import { PageHead } from "./page-head.tsx";

/** What came of the last attempt: the next one says something else. */
const IMPORT_TOAST = "import";

/** All boards of the user. */
export function Boards() {
  const { boards, kept, problem, reload } = useBoardsList();
  const isReached = problem === undefined;
  useArrival();
  const isSent = unsent.value.size === 0;
  useEffect(() => {
    document.title = "Boards";
  }, []);
  // What was waiting is in the numbers now.
  useEffect(() => {
    if (isSent && boards) reload();
  }, [isSent]);

  return (
    <>
      <PageHead />
      <main class="page" id="main">
        <div class="page-title">
          <h1>Your boards</h1>
          {isReached && <Import />}
        </div>
        {!isReached && (
          <div class="notice warning in-row" role="alert">
            <p>
              {problem}{" "}
              {boards || kept.length > 0
                ? "Boards that this device has kept can be opened, and what you change there is sent later."
                : "This page tries again by itself."}
            </p>
            <button type="button" class="button" onClick={reload}>
              Try again
            </button>
          </div>
        )}
        <Elsewhere known={boards ?? kept} />
        <ul class="board-grid">
          {boards?.map((board) => (
            <li key={board.id}>
              <Tile board={board}>
                <span>
                  {board.tasks} {board.tasks === 1 ? "card" : "cards"} · {board.members}{" "}
                  {board.members === 1 ? "member" : "members"}
                </span>
                {board.role !== "owner" && <span class="badge">{board.role}</span>}
              </Tile>
            </li>
          ))}
          {!boards &&
            kept.map((board) => (
              <li key={board.id}>
                <Tile board={board}>
                  <span>On this device</span>
                </Tile>
              </li>
            ))}
          {boards && isReached && (
            <li>
              <NewBoard isFirst={boards.length === 0} />
            </li>
          )}
        </ul>
        {!boards && isReached && <p class="quiet-text">Loading…</p>}
      </main>
    </>
  );
}

function Tile(props: {
  readonly board: { readonly id: string; readonly name: string };
  readonly children: ComponentChildren;
}) {
  const { id, name } = props.board;
  const text = unsentText(unsent.value.get(id));
  return (
    <a class="board-tile" href={`/b/${encodeURIComponent(id)}`}>
      <strong>{name}</strong>
      {text && <span class="unsent">{text}</span>}
      {props.children}
    </a>
  );
}

/** What was changed on a board that the user cannot see any more still is theirs: its page shows it. */
function Elsewhere({ known }: { readonly known: readonly { readonly id: string }[] }) {
  const ids = [...unsent.value.keys()].filter((id) => !known.some((board) => board.id === id));
  if (ids.length === 0) return null;
  return (
    <ul class="notice warning">
      {ids.map((id) => (
        <li key={id}>
          On a board that is not in this list: {unsentText(unsent.value.get(id))}.{" "}
          <a href={`/b/${encodeURIComponent(id)}`}>Look at it</a>
        </li>
      ))}
    </ul>
  );
}

function NewBoard({ isFirst }: { readonly isFirst: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isOpen) field.current?.focus();
  }, [isOpen]);

  if (!isOpen) {
    return (
      <button type="button" class="board-tile new" onClick={() => setOpen(true)}>
        <PlusIcon />
        {isFirst ? "Make your first board" : "New board"}
      </button>
    );
  }
  return (
    <form
      class="board-tile form"
      onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      onSubmit={async (event) => {
        event.preventDefault();
        const name = field.current?.value.trim();
        if (!name) return;
        setBusy(true);
        const id = randomId();
        const reply = await request("POST", "/boards", { id, name });
        setBusy(false);
        if (reply.ok) go(`/b/${id}`);
        else showError(reply.error);
      }}
    >
      <input
        ref={field}
        aria-label="Name of the new board"
        placeholder="Board name"
        maxLength={LIMITS.boardName}
      />
      <div class="row">
        <button type="submit" class="button primary" disabled={isBusy}>
          Create
        </button>
        <button type="button" class="button quiet" onClick={() => setOpen(false)}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Import() {
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  async function load(file: File): Promise<void> {
    setBusy(true);
    const text = await file.text();
    let board: unknown;
    try {
      board = JSON.parse(text);
    } catch {
      setBusy(false);
      return refuse(`“${file.name}” is no board: it is not JSON.`);
    }
    const reply = await request<{ id: string }>("POST", "/boards/import", board);
    setBusy(false);
    if (!reply.ok) return refuse(reply.error.message);
    go(`/b/${encodeURIComponent(reply.body.id)}`);
    showToast({ id: IMPORT_TOAST, text: `“${file.name}” was imported as a new board.` });
  }

  function refuse(text: string): void {
    showToast({ id: IMPORT_TOAST, text, tone: "warning" });
  }

  return (
    <>
      <button type="button" class="button" disabled={isBusy} onClick={() => input.current?.click()}>
        <UploadIcon />
        {isBusy ? "Importing…" : "Import a board"}
      </button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="The file of a board"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) load(file);
        }}
      />
    </>
  );
}
