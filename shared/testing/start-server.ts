import { onTestFinished } from "vitest";
import { type ListenOptions, listen, type RunningServer, type Servable } from "../serve.ts";

/** Serves an app on a free port until the running test has ended. */
export async function startServer(app: Servable, options: ListenOptions = {}): Promise<RunningServer> {
  const server = await listen(app, { graceMs: 1_000, ...options });
  onTestFinished(() => server.close());
  return server;
}
