// Two processes as one: who is signed in, what is limited, and who delivers.
import { join } from "node:path";
import { expect } from "vitest";
import { needsProgram } from "../../chapters/10-scaling/cluster/needs-program.ts";
import { linkOfTest, redisOfTest } from "../../chapters/10-scaling/test-nodes.ts";
import { askForSocket, getTicket } from "../../shared/testing/sign-in.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { NO_LIMITS } from "../tests/no-limits.ts";
import { type StartOptions, startCapstone } from "../tests/start-capstone.ts";

const redisTest = needsProgram("redis-server");

async function twoNodes(options: StartOptions = {}) {
  const redis = await redisOfTest();
  const databaseFile = join(temporaryFolder(), "board.sqlite");
  const start = async (nodeName: string) =>
    startCapstone({ databaseFile, redis: await linkOfTest(redis), nodeName, ...options });
  // One after the other: the first one makes the demo.
  const first = await start("node-1");
  return [first, await start("node-2")] as const;
}

redisTest("a session and a ticket are good on both, and end on both", async () => {
  const [here, there] = await twoNodes();
  const cookie = await here.signIn("alice");
  const ticket = await getTicket(here.url, cookie);
  const socket = await askForSocket(there.url, {}, `?ticket=${ticket}`);
  expect(socket.status).toBe(101);
  expect((await askForSocket(there.url, {}, `?ticket=${ticket}`)).refusal).toBe("not_signed_in");
  socket.say({ type: "join", boardId: "board-1" });
  await until("it has joined", () => socket.of("joined").length === 1);
  await fetch(`${here.url}/session`, { method: "DELETE", headers: { cookie } });
  await until("the socket on the other node is closed", () => socket.closed.code === 4401);
  expect((await fetch(`${there.url}/boards`, { headers: { cookie } })).status).toBe(401);
});

redisTest("guesses at a password are counted together", async () => {
  const limits = { ...NO_LIMITS, signInsOfUser: { burst: 2, perSecond: 0.01 } };
  const [here, there] = await twoNodes({ limits });
  const guess = async (url: string) => {
    const response = await fetch(`${url}/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ userId: "alice", password: "guess" }),
    });
    return response.status;
  };
  expect([await guess(here.url), await guess(there.url), await guess(here.url)]).toEqual([401, 401, 429]);
});

redisTest("each says what it is called, and that Redis is there", async () => {
  const nodes = await twoNodes();
  const healths = await Promise.all(nodes.map(async ({ url }) => (await fetch(`${url}/health`)).json()));
  expect(healths).toMatchObject([
    { node: "node-1", redis: "up" },
    { node: "node-2", redis: "up" },
  ]);
});
