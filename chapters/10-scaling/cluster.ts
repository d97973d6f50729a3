// Starts everything: Redis, three nodes, and nginx in front of them. `npm run chapter 10` runs this, and shows what it consists of.
// Run: npx tsx chapters/10-scaling/cluster.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseError } from "../../shared/database.ts";
import { numberSetting, parsePort, SETTING_EXIT_CODE, SettingError } from "../../shared/settings.ts";
import { onStopSignal } from "../../shared/stop-signal.ts";
import type { PartAction, ServerMessage } from "../../shared/tools/parts.ts";
import { type Cluster, openCluster } from "./cluster/open-cluster.ts";

/** How often the nodes are asked how many connections they have, in milliseconds. */
const COUNT_MS = 1_000;

const folder = mkdtempSync(join(tmpdir(), "real-time-apis-cluster-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

let cluster: Cluster | undefined;
let isStopping = false;
const tell = (message: ServerMessage) => process.send?.(message, undefined, undefined, () => {});

try {
  if (process.platform === "win32") {
    throw new SettingError(
      "This chapter stops and freezes programs as only Linux and macOS can: on Windows, use WSL.",
    );
  }
  cluster = await openCluster({
    databaseFile: process.env.DATABASE_FILE ?? join(folder, "board.sqlite"),
    nodeCount: numberSetting("NODES", 3),
    port: parsePort(process.env.PORT),
    redisUrl: process.env.REDIS_URL || undefined,
    onLine: (line) => process.stdout.write(`${line}\n`),
    onChange: () => cluster && tell({ parts: cluster.parts }),
  });
} catch (error) {
  if (!(error instanceof SettingError || error instanceof DatabaseError)) throw error;
  console.error(error.message);
  process.exit(SETTING_EXIT_CODE);
}

const { front, nodes } = cluster;
const counting = setInterval(() => cluster?.count(), COUNT_MS);
const which = front.kind === "nginx" ? "nginx" : "our own round robin (there is no nginx here)";
process.stdout.write(`${nodes.length} nodes behind ${which}: http://localhost:${front.port}\n`);
tell({ parts: cluster.parts });
tell({ listening: front.port });

async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  clearInterval(counting);
  await cluster?.stop();
  process.exit(0);
}

if (process.send) {
  // Ctrl-C is the parent's: the end of the channel is what it says to us.
  process.on("SIGINT", () => {});
  onStopSignal(["SIGTERM"], stop);
  process.on("disconnect", stop);
  process.on("message", ({ part, action }: PartAction) => {
    cluster?.act(part, action).catch((error: Error) => console.error(error.message));
  });
} else {
  onStopSignal(["SIGINT", "SIGTERM"], stop);
}
