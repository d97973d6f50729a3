import { EVENT_TYPES } from "../../shared/events.ts";
import type { Connect } from "../../shared/web/connect.ts";

/** How long to wait after a refusal, on average, in milliseconds. */
const RETRY_MS = 3_000;

export const connect: Connect = (boardId, cursor, onEvents, onState) => {
  let after = `${cursor.epoch}:${cursor.seq}`;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    const path = `/boards/${encodeURIComponent(boardId)}/events?after=${after}`;
    source = new EventSource(path);
    source.addEventListener("open", () => onState("live"));
    for (const type of EVENT_TYPES) source.addEventListener(type, onEvent);
    source.addEventListener("reset", () => {
      stop();
      onState("reset");
    });
    source.addEventListener("error", onError);
  }

  function onEvent({ data, lastEventId }: MessageEvent<string>): void {
    after = lastEventId;
    onEvents([JSON.parse(data)]);
  }

  function onError(): void {
    onState("waiting");
    // After a broken connection the browser comes back by itself, with the header Last-Event-ID. After an answer
    // that is not 200 it never does: whether to try again is ours to say.
    if (source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    timer = setTimeout(open, RETRY_MS * (0.5 + Math.random()));
  }

  function stop(): void {
    clearTimeout(timer);
    source?.close();
  }

  open();
  return stop;
};
