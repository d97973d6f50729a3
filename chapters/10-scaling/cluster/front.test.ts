import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { SettingError } from "../../../shared/settings.ts";
import { until } from "../../../shared/testing/until.ts";
import { type Front, openFront } from "./front.ts";
import { needsProgram } from "./needs-program.ts";

const kinds = { nginx: undefined, "round robin": null };

for (const [kind, nginx] of Object.entries(kinds)) {
  const frontTest = needsProgram(...(nginx === null ? [] : ["nginx"]));
  const open = (options: Parameters<typeof openFront>[0]) => openFront(options, nginx);

  frontTest(`a front that is ${kind} gives requests to the nodes that it has`, async () => {
    const nodes = await Promise.all(["one", "two"].map(serveName));
    const front = await open({ nodes: nodes.slice(0, 1) });
    onTestFinished(() => front.stop());
    expect(front.kind).toBe(kind);
    expect(await ask(front)).toBe("one");
    await front.setNodes(nodes.slice(1));
    expect(await ask(front)).toBe("two");
  });

  frontTest(`a taken port of ${kind} is one sentence`, async () => {
    const first = await open({ nodes: [1] });
    onTestFinished(() => first.stop());
    const error = await open({ port: first.port, nodes: [1] }).catch((reason) => reason);
    expect(error).toBeInstanceOf(SettingError);
    expect(error.message).toBe(
      `Port ${first.port} is taken: stop the program that listens there, or set PORT to another number.`,
    );
  });
}

test("only a front of its own process can be killed", async () => {
  const front = await openFront({ nodes: [] }, null);
  expect(front.kill).toBeUndefined();
  await front.stop();
});

async function serveName(name: string): Promise<number> {
  const server = createServer((_, response) => response.end(name)).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close().closeAllConnections());
  const address = await until("its port", () => server.address());
  return (address as { port: number }).port;
}

/** On a connection of its own. */
async function ask({ port }: Front): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } });
  return response.text();
}
