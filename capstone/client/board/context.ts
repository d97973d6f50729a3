import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { BoardModel } from "../board-model.ts";
import type { Filter } from "../filter.ts";

/** What all parts of a board need. */
export interface BoardContext {
  readonly model: BoardModel;
  readonly filter: Filter;
  openCard(taskId: string): void;
}

const Context = createContext<BoardContext | undefined>(undefined);

export const BoardProvider = Context.Provider;

export function useBoard(): BoardContext {
  const board = useContext(Context);
  if (!board) throw new Error("There is no board around this.");
  return board;
}
