// nginx with the very file that is given to people, and the board's program behind it as its unit starts it. Only ports, paths and the
// certificate are others.
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, onFreePort, PortTakenError } from "../../../chapters/10-scaling/cluster/free-port.ts";
import { findProgram, type Program, startProgram } from "../../../chapters/10-scaling/cluster/program.ts";
import { until } from "../../../shared/testing/until.ts";
import { environmentOf } from "./unit-file.ts";

/** As in the files that are given to people. */
export const HOST = "board.example.com";
export const ORIGIN = `https://${HOST}`;

export interface SecureFront {
  /** For TLS. */
  readonly port: number;
  /** Without. */
  readonly plainPort: number;
  /** Whom a client has to trust: the certificate has signed itself. */
  readonly certificate: string;
  /** What the board has logged: a line of JSON each. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, "../../..");
const DEPLOY = join(ROOT, "capstone/deploy");

/** How long nginx and the board may take to start, in milliseconds. */
const START_WITHIN_MS = 30_000;

export async function startSecureFront(): Promise<SecureFront> {
  const folder = mkdtempSync(join(tmpdir(), "board-deployment-"));
  const paths = { certificate: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  makeCertificate(paths);
  const log: string[] = [];
  const board = startBoard(folder, log);
  const nodePort = await listening(board);
  let nginx: Program | undefined;

  async function run(port: number): Promise<{ port: number; plainPort: number }> {
    const plainPort = await freePort();
    const configuration = join(folder, "board.conf");
    const text = readFileSync(join(DEPLOY, "nginx.conf"), "utf8");
    writeFileSync(configuration, configured(text, { port, plainPort, nodePort, ...paths }));
    writeFileSync(join(folder, "nginx.conf"), around(configuration));
    nginx = await startNginx(folder, port);
    return { port, plainPort };
  }

  const ports = await onFreePort(run);
  return {
    ...ports,
    certificate: readFileSync(paths.certificate, "utf8"),
    log,
    async stop() {
      await nginx?.stop();
      const exit = once(board, "exit");
      board.kill();
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Places {
  readonly port: number;
  readonly plainPort: number;
  readonly nodePort: number;
  readonly certificate: string;
  readonly key: string;
}

/** Each replacement has to find something: a file that has changed its form must not be tested by halves. */
function configured(text: string, { port, plainPort, nodePort, certificate, key }: Places): string {
  const replacements: readonly (readonly [string, string])[] = [
    ["server 127.0.0.1:3000;", `server 127.0.0.1:${nodePort};`],
    ["listen 80;", `listen 127.0.0.1:${plainPort};`],
    ["listen 443 ssl", `listen 127.0.0.1:${port} ssl`],
    [`/etc/letsencrypt/live/${HOST}/fullchain.pem`, certificate],
    [`/etc/letsencrypt/live/${HOST}/privkey.pem`, key],
  ];
  return replacements.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`nginx.conf has no "${from}" any more.`);
    return before.replace(from, to);
  }, text);
}

/** What a distribution's nginx.conf has around the files in conf.d. */
function around(configuration: string): string {
  const user = process.getuid?.() === 0 ? "user root;\n" : "";
  return `${user}daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  include ${configuration};
}
`;
}

function makeCertificate({ certificate, key }: { certificate: string; key: string }): void {
  const subject = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`];
  const files = ["-keyout", key, "-out", certificate];
  const options = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  execFileSync(findProgram("openssl") ?? "openssl", [...options, ...files, ...subject], { stdio: "ignore" });
}

/** With the environment of board.service. */
function startBoard(folder: string, log: string[]): ChildProcess {
  const own = { DATABASE_FILE: join(folder, "board.sqlite"), PORT: "0", LOG_LEVEL: "info" };
  const unit = environmentOf(readFileSync(join(DEPLOY, "board.service"), "utf8"));
  const board = fork(join(ROOT, "shared/tools/run.js"), ["capstone"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...unit, ...own },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    execArgv: [],
  });
  mkdirSync(folder, { recursive: true });
  board.stdout?.setEncoding("utf8").on("data", (text: string) => log.push(...text.trim().split("\n")));
  return board;
}

async function listening(board: ChildProcess): Promise<number> {
  const [message] = await Promise.race([
    once(board, "message"),
    once(board, "exit").then(() => Promise.reject(new Error("The board has not started."))),
  ]);
  return message.listening;
}

async function startNginx(folder: string, port: number): Promise<Program> {
  const args = ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")];
  const nginx = startProgram({ command: findProgram("nginx") ?? "nginx", args });
  await until(
    "nginx",
    () => nginx.state === "stopped" || nginx.lines.some((line) => line.includes("start worker process ")),
    START_WITHIN_MS,
  );
  if (nginx.state !== "stopped") return nginx;
  const said = nginx.lines.join("\n");
  throw said.includes("Address already in use") ? new PortTakenError(port) : new Error(said);
}
