import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { findEditor } from "./editor.ts";

/** A folder with a `code` in it. */
function folderWithCode(): string {
  const folder = temporaryFolder();
  const file = join(folder, process.platform === "win32" ? "code.cmd" : "code");
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return folder;
}

const commandOf = (env: NodeJS.ProcessEnv) => {
  const editor = findEditor(env);
  return typeof editor === "string" ? editor : [editor.command, ...editor.args].join(" ");
};

test("the editor is what the person has chosen, with its options", () => {
  expect(commandOf({ VISUAL: "subl --wait", EDITOR: "ed", PATH: folderWithCode() })).toBe("subl --wait");
  expect(commandOf({ EDITOR: "ed", PATH: folderWithCode() })).toBe("ed");
});

test("VS Code is taken where nobody has chosen, which npm says with an EDITOR of its own", () => {
  const ofNpm = process.platform === "win32" ? "C:\\Windows\\notepad.exe" : "vi";
  expect(commandOf({ EDITOR: ofNpm, PATH: folderWithCode() })).toBe("code");
  expect(commandOf({ PATH: folderWithCode() })).toBe("code");
});

test("without an editor, and without a terminal for one, a sentence says what to do", () => {
  expect(commandOf({ PATH: "" })).toBe("No editor is known: set EDITOR to yours, for instance EDITOR=nano.");
  expect(findEditor({ VISUAL: "/usr/bin/nano" }, false)).toBe(
    "/usr/bin/nano needs a terminal, and this is none.",
  );
  expect(findEditor({ VISUAL: "/usr/bin/nano" }, true)).toMatchObject({ isInTerminal: true });
});
