import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { ROOT } from "../chapters.ts";

/** Editors that take over the terminal until they are left. */
const IN_TERMINAL = ["vi", "vim", "nvim", "nano", "emacs", "micro", "hx", "helix", "kak", "joe", "ne"];

export interface Editor {
  readonly command: string;
  readonly args: readonly string[];
  readonly isInTerminal: boolean;
}

/**
 * The editor of this person: `VISUAL`, `EDITOR`, or VS Code if it is there.
 * @returns a sentence that says what to do when there is none
 */
export function findEditor(
  env: NodeJS.ProcessEnv = process.env,
  hasTerminal = process.stdin.isTTY,
): Editor | string {
  // npm sets EDITOR for its scripts where nobody has: that is nobody's choice.
  const ofNpm = process.platform === "win32" ? /notepad/i.test(env.EDITOR ?? "") : env.EDITOR === "vi";
  const chosen = env.VISUAL || (ofNpm ? "" : env.EDITOR) || (isOnPath("code", env) ? "code" : env.EDITOR);
  const [command, ...args] = chosen?.split(" ") ?? [];
  if (!command) return "No editor is known: set EDITOR to yours, for instance EDITOR=nano.";
  const isInTerminal = IN_TERMINAL.includes(basename(command).replace(/\.exe$/, ""));
  if (isInTerminal && !hasTerminal) return `${command} needs a terminal, and this is none.`;
  return { command, args, isInTerminal };
}

/**
 * Opens a file.
 * @param file relative to the root
 * @returns when the editor is left, if it is in this terminal; otherwise when it has started. A sentence if it could not
 *   be started.
 */
export function openInEditor(
  { command, args, isInTerminal }: Editor,
  file: string,
): Promise<string | undefined> {
  const isWindows = process.platform === "win32";
  const path = join(ROOT, file);
  return new Promise((resolve) => {
    // On Windows `code` is a script, and scripts need a shell.
    const child = spawn(command, [...args, isWindows ? `"${path}"` : path], {
      stdio: isInTerminal ? "inherit" : "ignore",
      detached: !isInTerminal,
      shell: isWindows,
    });
    child.once("error", ({ message }) =>
      resolve(`The editor could not be started (${message}): set EDITOR to yours.`),
    );
    child.once(isInTerminal ? "exit" : "spawn", () => resolve(undefined));
    if (!isInTerminal) child.unref();
  });
}

function isOnPath(name: string, env: NodeJS.ProcessEnv): boolean {
  const endings = process.platform === "win32" ? [".cmd", ".exe"] : [""];
  return (env.PATH ?? "")
    .split(delimiter)
    .some((folder) => endings.some((ending) => existsSync(join(folder, name + ending))));
}
