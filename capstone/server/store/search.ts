// Finding tasks by what is said in them.
import type { Database } from "../../../shared/database.ts";
import { type TaskRow, toTask } from "./rows.ts";
import { TASK } from "./statements.ts";
import type { FoundTask, Search } from "./store.ts";

/** What the statement gets. Null: whatever it is. */
interface Filters {
  readonly userId: string;
  /** A JSON array. */
  readonly words: string | null;
  readonly boardId: string | null;
  readonly assigneeId: string | null;
  readonly label: string | null;
  readonly dueBy: string | null;
  readonly limit: number;
}

export function createSearch(database: Database) {
  // LIKE knows upper and lower case of ASCII alone, and takes % and _ for something else than themselves.
  database.function("has_words", { deterministic: true }, (text, words) =>
    hasWords(String(text), words) ? 1 : 0,
  );
  // The cheap conditions come first: SQLite asks them in this order.
  const find = database.prepare<[Filters], TaskRow>(`
    SELECT ${TASK} FROM board_members
      JOIN lists USING (board_id) JOIN tasks ON tasks.list_id = lists.id
    WHERE board_members.user_id = @userId
      AND (@boardId IS NULL OR lists.board_id = @boardId)
      AND (@assigneeId IS NULL OR tasks.assignee_id = @assigneeId)
      AND (@dueBy IS NULL OR tasks.due_on <= @dueBy)
      AND (@label IS NULL OR EXISTS (SELECT 1 FROM json_each(tasks.labels) WHERE json_each.value = @label))
      AND (@words IS NULL OR has_words(tasks.title || char(10) || tasks.description || char(10) ||
        coalesce((SELECT group_concat(text, char(10)) FROM comments WHERE task_id = tasks.id), ''), @words))
    ORDER BY tasks.updated_at DESC, tasks.id LIMIT @limit`);

  /** The tasks that were changed last come first. */
  return (userId: string, search: Search): readonly FoundTask[] => {
    const words = folded(search.text ?? "")
      .split(/\s+/u)
      .filter((word) => word !== "");
    const { boardId = null, assigneeId = null, label = null, dueBy = null, limit } = search;
    const filters = { userId, boardId, assigneeId, label, dueBy, limit };
    const rows = find.all({ ...filters, words: words.length > 0 ? JSON.stringify(words) : null });
    return rows.map((row) => ({ boardId: row.boardId, task: toTask(row) }));
  };
}

let lastWords: { readonly json: unknown; readonly words: readonly string[] } = { json: "[]", words: [] };

function hasWords(text: string, json: unknown): boolean {
  // The same for every task of one search.
  if (lastWords.json !== json) lastWords = { json, words: JSON.parse(String(json)) };
  const content = folded(text);
  return lastWords.words.every((word) => content.includes(word));
}

/**
 * Marks that are put in order, one by one: of 10,000 in a row that takes seconds. No language has more than a few in a row. The four
 * letters become marks when they are normalised.
 * @see https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
const TOO_MANY_MARKS = /([\p{M}\u0e33\u0eb3\uff9e\uff9f]{30})[\p{M}\u0e33\u0eb3\uff9e\uff9f]+/gu;

/** Equal for texts that differ only in case, or in how an accent was typed. */
function folded(text: string): string {
  return text.replace(TOO_MANY_MARKS, "$1").normalize("NFKC").toLowerCase();
}
