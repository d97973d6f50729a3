import { execFileSync, spawn } from "node:child_process";
import { describe, onTestFinished, test } from "vitest";
import { browserTest, openPage } from "./browser.ts";
import { followThroughRestart, type RestartableBoard } from "./restartable-board.ts";

/** Follows a board for ever, and prints each seq; Python's library has never heard of ours. */
const PYTHON_CLIENT = `
import asyncio, json, sys, websockets

async def follow(url, after):
    while True:
        try:
            async with websockets.connect(url) as socket:
                await socket.send(json.dumps({"type": "join", "boardId": "board-1", "after": after}))
                async for text in socket:
                    message = json.loads(text)
                    if message["type"] == "event":
                        after = message["id"]
                        print(message["event"]["seq"], flush=True)
        except (OSError, websockets.exceptions.WebSocketException):
            pass
        await asyncio.sleep(0.1)

asyncio.run(follow(sys.argv[1], sys.argv[2]))
`;

/** The Python that has the package: the system's may not be the first one on the PATH. */
const python = ["python3", "/usr/bin/python3"].find((program) => {
  try {
    execFileSync(program, ["-c", "import websockets"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

const isMissing = process.env.REQUIRE_ALL !== "1" && !python;
const note = isMissing ? " (skipped: no Python package websockets)" : "";

/** Lets WebSocket clients that are not ours follow a chapter's server through a restart. */
export function describeForeignSockets(startBoard: () => Promise<RestartableBoard>): void {
  describe("clients that are not ours follow through a restart without loss and without repeat", () => {
    test.skipIf(isMissing)(`Python's websockets${note}`, async () => {
      const board = await startBoard();
      const url = `ws://127.0.0.1:${board.port}/ws`;
      const child = spawn(python ?? "python3", ["-c", PYTHON_CLIENT, url, `${board.epoch}:9`], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      let printed = "";
      child.stdout.setEncoding("utf8").on("data", (text) => {
        printed += text;
      });
      await followThroughRestart(board, () => printed.split("\n").filter(Boolean).map(Number));
    });

    browserTest("Chromium's WebSocket", async () => {
      const board = await startBoard();
      const { page } = await openPage(`${board.url}/board`);
      await page.evaluate((start) => {
        const seqs: number[] = [];
        let after = start;
        function open(): void {
          const socket = new WebSocket(`ws://${location.host}/ws`);
          socket.onopen = () => socket.send(JSON.stringify({ type: "join", boardId: "board-1", after }));
          socket.onmessage = ({ data }) => {
            const message = JSON.parse(data);
            if (message.type !== "event") return;
            after = message.id;
            seqs.push(message.event.seq);
            document.title = seqs.join(" ");
          };
          socket.onclose = () => setTimeout(open, 100);
        }
        open();
      }, `${board.epoch}:9`);
      let title = "";
      const watching = setInterval(() => {
        page.title().then(
          (now) => {
            title = now;
          },
          () => {},
        );
      }, 20);
      onTestFinished(() => clearInterval(watching));
      await followThroughRestart(board, () => (/^\d/.test(title) ? title.split(" ").map(Number) : []));
    });
  });
}
