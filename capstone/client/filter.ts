// Which cards are shown. It is in the query of the address, so that a view of the board can be shared.
import type { Task } from "../board/events.ts";

export interface Filter {
  readonly text: string;
  /** A user's id, `none` for nobody's, or empty for everybody's. */
  readonly assignee: string;
  readonly label: string;
  readonly due: "" | "overdue" | "soon";
}

export const NO_FILTER: Filter = { text: "", assignee: "", label: "", due: "" };

/** How many days are soon. */
const SOON_DAYS = 7;

export function parseFilter(query: string): Filter {
  const given = new URLSearchParams(query);
  const due = given.get("due");
  return {
    text: given.get("text") ?? "",
    assignee: given.get("assignee") ?? "",
    label: given.get("label") ?? "",
    due: due === "overdue" || due === "soon" ? due : "",
  };
}

/** @returns `?text=…`, or nothing when there is nothing to say */
export function queryOf(filter: Filter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""));
  return query.size > 0 ? `?${query}` : "";
}

export function isFiltering(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== "");
}

/** @param today as in `dayOf` */
export function isShown(task: Task, filter: Filter, today: string): boolean {
  if (filter.assignee === "none" ? task.assigneeId !== null : differs(filter.assignee, task.assigneeId))
    return false;
  if (filter.label !== "" && !task.labels.includes(filter.label)) return false;
  if (filter.due !== "") {
    const due = dueState(task.dueOn, today);
    if (filter.due === "overdue" ? due !== "overdue" : due !== "soon" && due !== "today") return false;
  }
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = `${task.title}\n${task.description}\n${task.labels.join("\n")}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function differs(wanted: string, actual: string | null): boolean {
  return wanted !== "" && wanted !== actual;
}

/** The calendar day where the user is: `2026-11-30`. */
export function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function dueState(
  dueOn: string | null,
  today: string,
): "none" | "overdue" | "today" | "soon" | "later" {
  if (dueOn === null) return "none";
  if (dueOn < today) return "overdue";
  if (dueOn === today) return "today";
  const days = (Date.parse(dueOn) - Date.parse(today)) / 86_400_000;
  return days <= SOON_DAYS ? "soon" : "later";
}
