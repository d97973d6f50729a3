import { useEffect, useRef, useState } from "preact/hooks";
import type { Role } from "../../board/events.ts";
import { LIMITS } from "../../board/limits.ts";
import { request } from "../api.ts";
import { go } from "../router.ts";
import { randomId } from "../sync/tabs.ts";
import { showError } from "../toasts.ts";
import { PlusIcon, UploadIcon } from "../widgets/icons.tsx";
import { PageHead } from "./page-head.tsx";

interface BoardSummary {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly openTasks: number;
  readonly members: number;
}

/** All boards of the user. */
export function Boards() {
  const [boards, setBoards] = useState<readonly BoardSummary[]>();
  const [problem, setProblem] = useState<string>();

  async function load(): Promise<void> {
    const reply = await request<{ boards: BoardSummary[] }>("GET", "/boards");
    if (reply.ok) setBoards(reply.body.boards);
    setProblem(reply.ok ? undefined : reply.error.message);
  }

  useEffect(() => {
    document.title = "Boards";
    load();
    // Whoever comes back to the page wants to see what is there now.
    addEventListener("focus", load);
    return () => removeEventListener("focus", load);
  }, []);

  return (
    <>
      <PageHead />
      <main class="page" id="main">
        <div class="page-title">
          <h1>Your boards</h1>
          <Import />
        </div>
        {problem && (
          <div class="notice warning" role="alert">
            <p>{problem}</p>
            <button type="button" class="button" onClick={load}>
              Try again
            </button>
          </div>
        )}
        <ul class="board-grid">
          {boards?.map((board) => (
            <li key={board.id}>
              <a class="board-tile" href={`/b/${encodeURIComponent(board.id)}`}>
                <strong>{board.name}</strong>
                <span>
                  {board.openTasks} {board.openTasks === 1 ? "card" : "cards"} · {board.members}{" "}
                  {board.members === 1 ? "member" : "members"}
                </span>
                {board.role !== "owner" && <span class="badge">{board.role}</span>}
              </a>
            </li>
          ))}
          {boards && (
            <li>
              <NewBoard isFirst={boards.length === 0} />
            </li>
          )}
        </ul>
        {!boards && !problem && <p class="quiet-text">Loading…</p>}
      </main>
    </>
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
      return showError({ message: `“${file.name}” is no board: it is not JSON.` });
    }
    const reply = await request<{ id: string }>("POST", "/boards/import", board);
    setBusy(false);
    if (reply.ok) go(`/b/${encodeURIComponent(reply.body.id)}`);
    else showError(reply.error);
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
