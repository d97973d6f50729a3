// What every store has to do, tested through the interface alone. Whoever writes another one calls this in a test.
import { describe } from "vitest";
import { accountRules } from "./contract/account-rules.ts";
import { boardRules } from "./contract/board-rules.ts";
import { convergence } from "./contract/convergence.ts";
import { logRules } from "./contract/log-rules.ts";
import type { OpenStore } from "./contract/sample-board.ts";
import { taskRules } from "./contract/task-rules.ts";
import { undoRules } from "./contract/undo-rules.ts";
import { wholeBoards } from "./contract/whole-boards.ts";

/**
 * @param openStore an empty one, each time; the suite closes it, and may do so twice
 * @param runs how many random histories are tried. Default 50.
 */
export function storeContract(name: string, openStore: OpenStore, { runs = 50 } = {}): void {
  describe(`${name} as a store`, () => {
    taskRules(openStore);
    boardRules(openStore);
    undoRules(openStore);
    logRules(openStore);
    accountRules(openStore);
    wholeBoards(openStore);
    convergence(openStore, runs);
  });
}
