import type { PartAction } from "../../tools/parts.ts";
import type { FaultRule, FaultScript } from "../../wire/faults.ts";
import type { Detail } from "../../wire/message.ts";
import { applyServerState, applyStageEvent, type StageState } from "./stage-state.ts";

/** What the page asks of the runner. Every function rejects with an `Error` whose message is a sentence for the reader. */
export const stageApi = {
  applyFault: (rule: FaultRule) => send("POST", "/stage/faults", rule),
  liftFault: (ruleId: number) => send("DELETE", `/stage/faults/${ruleId}`),
  runScript: (script: FaultScript) => send("POST", "/stage/scripts", script),
  actOnPart: (asked: PartAction) => send("POST", "/stage/parts", asked),
  clear: () => send("POST", "/stage/clear"),
  details: async (messageId: number): Promise<readonly Detail[]> =>
    (await send("GET", `/stage/messages/${messageId}`)).json(),
};

/**
 * Keeps the state up to date by Server-Sent Events from the runner.
 * @param chapter what the page shows: if the runner has started another one, the page is loaded anew
 */
export function followStage(state: StageState, chapter: string): void {
  const source = new EventSource("/stage/stream");
  for (const type of ["recording", "change", "state"]) {
    source.addEventListener(type, ({ data }) => {
      const event = JSON.parse(data);
      if (event.chapter !== chapter) location.reload();
      else if (type === "state") applyServerState(state, event);
      else applyStageEvent(state, event, type === "recording");
    });
  }
  source.addEventListener("open", () => {
    state.isLive.value = true;
  });
  // It connects again by itself, and then gets all of it.
  source.addEventListener("error", () => {
    state.isLive.value = false;
  });
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  }).catch(() => {
    throw new Error("The stage cannot be reached: is npm run chapter still running?");
  });
  if (response.ok) return response;
  const answer = await response.json().catch(() => undefined);
  throw new Error(answer?.error?.message ?? `The stage answered ${response.status}.`);
}
