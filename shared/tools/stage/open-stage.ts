import { listen } from "../../serve.ts";
import { createRecorder, type Recorder } from "../../wire/recorder.ts";
import { openTap, type Tap } from "../../wire/tap.ts";
import type { Chapter } from "../chapters.ts";
import { createParts, type Parts } from "../parts.ts";
import { createStage } from "./stage.ts";

export interface StageSettings {
  readonly chapter: Chapter;
  /** Of the page. 0 lets the system choose. @default 0 */
  readonly port?: number;
  /** Of the tap. 0 lets the system choose. @default 0 */
  readonly tapPort?: number;
  /** Of the chapter's server, if it is known yet; `tap.setTarget` says it later. */
  readonly serverPort?: number;
  readonly restartServer?: () => void;
  /** @default always */
  readonly isServerUp?: () => boolean;
  /** @default none */
  readonly parts?: Parts;
}

export interface OpenStage {
  /** Where the page is. */
  readonly url: string;
  readonly tap: Tap;
  readonly recorder: Recorder;
  close(): Promise<void>;
}

/** The page has nothing that takes long to answer. In milliseconds. */
const GRACE_MS = 500;

/**
 * Puts the stage in front of a chapter's server: the tap, and the page that shows what passes through it.
 * @throws {SettingError} when a port is taken or not allowed
 */
export async function openStage(settings: StageSettings): Promise<OpenStage> {
  const { chapter, port = 0, tapPort = 0, restartServer = () => {}, isServerUp = () => true } = settings;
  // Nobody listens on port 0: until the server does, the tap answers as a server that is not there.
  const { serverPort = 0, parts = createParts() } = settings;
  const recorder = createRecorder();
  const tap = await openTap({ port: tapPort, target: serverPort, viewer: recorder, restartServer });
  try {
    const app = createStage({ chapter, tap, recorder, isServerUp, parts });
    const server = await listen(app, { port, graceMs: GRACE_MS });
    return {
      url: `http://localhost:${server.port}`,
      tap,
      recorder,
      close: async () => {
        await Promise.all([tap.close(), server.close()]);
      },
    };
  } catch (error) {
    await tap.close();
    throw error;
  }
}
