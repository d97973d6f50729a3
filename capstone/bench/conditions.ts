// Under what the numbers came about: without it they say nothing.
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform } from "node:os";
import type { Options } from "./options.ts";

/** Where each package is that makes a difference. */
const PACKAGES = {
  "socket.io": "node_modules/socket.io",
  ws: "node_modules/ws",
  "better-sse": "node_modules/better-sse",
  srvx: "../../node_modules/srvx",
  "better-sqlite3": "../../node_modules/better-sqlite3",
};

export type Conditions = ReturnType<typeof conditionsOf>;

export function conditionsOf({ clients, repetitions, isQuick }: Options) {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    system: `${platform()} ${arch()}`,
    node: process.version,
    packages: Object.fromEntries(Object.entries(PACKAGES).map(([name, folder]) => [name, versionIn(folder)])),
    at: new Date().toISOString(),
    clients,
    repetitions,
    isQuick,
  };
}

export function conditionsText(conditions: Conditions): string {
  const { cpu, cores, system, node, packages, at, clients, repetitions, isQuick } = conditions;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const lines = [
    `${cores} cores (${cpu}), ${system}, Node ${node.slice(1)}; ${versions.join(", ")}.`,
    `${clients} clients, repetitions: ${repetitions}, ${at.slice(0, 10)}.`,
  ];
  if (isQuick) lines.push("A quick run: its numbers say little.");
  return `${lines.join("\n")}\n`;
}

function versionIn(folder: string): string {
  const file = new URL(`${folder}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
