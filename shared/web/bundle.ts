import { resolve } from "node:path";
import { type BuildFailure, build, formatMessages } from "esbuild";

/**
 * Bundles code for the browser, anew each time it is asked for: there is no build step to forget.
 *
 * @param code a module's text; its imports are relative to this folder
 * @returns JavaScript; if the code cannot be bundled, a script that shows the errors in the page instead, after
 * printing them in the terminal with file and line
 */
export async function bundle(code: string): Promise<string> {
  try {
    const result = await build({
      stdin: { contents: code, resolveDir: import.meta.dirname, loader: "ts" },
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      sourcemap: "inline",
      logLevel: "silent",
      absWorkingDir: resolve(import.meta.dirname, "../.."),
    });
    return result.outputFiles[0]?.text ?? "";
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (!errors) throw error;
    console.error((await formatMessages(errors, { kind: "error", color: process.stderr.isTTY })).join("\n"));
    return showInPage((await formatMessages(errors, { kind: "error" })).join("\n"));
  }
}

function showInPage(message: string): string {
  return `const box = document.createElement("pre");
box.className = "build-error";
box.textContent = ${JSON.stringify(`This page cannot be built:\n\n${message}\nMend the file and reload.`)};
document.body.replaceChildren(box);
`;
}
