import { readFile, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { route, setup } from "@hectoday/http";
import { z } from "zod";
import { answerError, answerNotFound, badInput, errorResponse } from "../../refusal.ts";
import type { Servable } from "../../serve.ts";
import { bundle } from "../../web/bundle.ts";
import { asset } from "../../web/html.ts";
import { runFaultScript } from "../../wire/fault-script.ts";
import { faultRuleSchema, faultScriptSchema } from "../../wire/faults.ts";
import type { Recorder } from "../../wire/recorder.ts";
import type { Tap } from "../../wire/tap.ts";
import { type Chapter, ROOT } from "../chapters.ts";
import { type Parts, partActionSchema } from "../parts.ts";
import { streamRecording } from "./recording-stream.ts";
import { refuseStrangers } from "./refuse-strangers.ts";
import { stagePage } from "./stage-page.ts";

export interface StageOptions {
  readonly chapter: Chapter;
  readonly tap: Tap;
  readonly recorder: Recorder;
  /** Whether the chapter's server is there. */
  readonly isServerUp: () => boolean;
  /** The programs that belong to it. */
  readonly parts: Parts;
}

const idParams = z.object({ id: z.coerce.number().int() });

const WEB = join(ROOT, "shared/web");

/** What a lesson may link to. */
const SOURCE_TYPES = [".ts", ".tsx", ".js", ".json", ".md", ".sql", ".css", ".conf", ".svg"];

/** The page that `npm run chapter` opens, and what its buttons do. */
export function createStage({ chapter, tap, recorder, isServerUp, parts }: StageOptions): Servable {
  const closing = new AbortController();
  let script = new AbortController();

  const app = setup({
    routes: [
      route.get("/", { resolve: () => stagePage(chapter, tap.port) }),
      route.get("/page/stage.js", {
        resolve: async () =>
          asset(
            "text/javascript",
            await bundle('import { startStage } from "./stage/start-stage.tsx"; startStage();'),
          ),
      }),
      route.get("/page/style.css", { resolve: () => file(join(WEB, "style.css"), "text/css") }),
      route.get("/page/stage.css", { resolve: () => file(join(WEB, "stage/stage.css"), "text/css") }),
      route.get("/page/mermaid.js", {
        resolve: () => file(fileURLToPath(import.meta.resolve("@mermaid-js/tiny")), "text/javascript"),
      }),
      route.get("/favicon.ico", { resolve: () => new Response(null, { status: 204 }) }),
      route.get("/source/**:path", {
        request: { params: z.object({ path: z.string() }) },
        resolve: (c) => (c.input.ok ? sourceFile(c.input.params.path) : badInput(c.input.issues)),
      }),

      route.get("/stage/stream", {
        resolve: () =>
          streamRecording(recorder, {
            read: () => ({ chapter: chapter.name, isServerUp: isServerUp(), parts: parts.current }),
            subscribe: parts.subscribe,
          }),
      }),
      route.get("/stage/messages/:id", {
        request: { params: idParams },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const details = recorder.details(c.input.params.id);
          if (!details) return errorResponse(404, "not_kept", "This message is not kept any more.");
          return Response.json(details, { headers: { "cache-control": "no-store" } });
        },
      }),
      route.post("/stage/clear", {
        resolve: () => {
          recorder.clear();
          return new Response(null, { status: 204 });
        },
      }),

      route.post("/stage/parts", {
        request: { body: partActionSchema },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { part: name, action } = c.input.body;
          const part = parts.current.find((each) => each.name === name);
          if (!part) return errorResponse(404, "not_found", `There is no program "${name}" now.`);
          // The page may show what was a moment ago.
          if (!part.actions.includes(action)) {
            return errorResponse(
              409,
              "not_offered",
              `${name} is ${part.state}: "${action}" is not possible now.`,
            );
          }
          tap.noteServer(`${name}: ${action}`);
          parts.act(c.input.body);
          return new Response(null, { status: 204 });
        },
      }),

      route.post("/stage/faults", {
        request: { body: faultRuleSchema },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          // A button that is pressed twice in a moment means it once.
          const rule = JSON.stringify(c.input.body);
          if (!tap.rules.some(({ id: _, ...active }) => JSON.stringify(active) === rule))
            tap.apply(c.input.body);
          return new Response(null, { status: 204 });
        },
      }),
      route.delete("/stage/faults/:id", {
        request: { params: idParams },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          tap.lift(c.input.params.id);
          return new Response(null, { status: 204 });
        },
      }),
      route.post("/stage/scripts", {
        request: { body: faultScriptSchema },
        resolve: (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          // One at a time: two scripts would not be what either of them says.
          script.abort();
          script = new AbortController();
          runFaultScript(tap, c.input.body, AbortSignal.any([script.signal, closing.signal]));
          return new Response(null, { status: 202 });
        },
      }),
    ],
    onNotFound: answerNotFound,
    onError: answerError,
  });

  return {
    fetch: (request) => refuseStrangers(request) ?? app.fetch(request),
    close: () => closing.abort(),
  };
}

async function file(path: string, type: string): Promise<Response> {
  return asset(type, await readFile(path, "utf8"));
}

/** A file of this repository, as text. Nothing outside of it, and nothing that git does not show either. */
async function sourceFile(path: string): Promise<Response> {
  const missing = errorResponse(404, "not_found", "There is no such file in this course.");
  const parts = path.split("/");
  if (parts.some((part) => part.startsWith(".") || part === "node_modules")) return missing;
  if (!SOURCE_TYPES.includes(extname(path))) return missing;
  const real = await realpath(join(ROOT, path)).catch(() => undefined);
  if (!real?.startsWith((await realpath(ROOT)) + sep)) return missing;
  const text = await readFile(real, "utf8").catch(() => undefined);
  if (text === undefined) return missing;
  return asset(extname(path) === ".svg" ? "image/svg+xml" : "text/plain", text);
}
