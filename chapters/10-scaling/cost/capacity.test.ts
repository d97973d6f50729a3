import { describe, expect, test } from "vitest";
import { type Constants, type Load, needFor } from "./capacity.ts";

const CONSTANTS: Constants = {
  bytesPerSocket: 20_000,
  microsPerDelivery: 10,
  microsPerChange: 500,
  microsPerHint: 50,
  redisMicrosPerHint: 5,
  commitsPerSecond: 2_000,
};
const LOAD: Load = {
  connections: 100_000,
  connectionsPerBoard: 10,
  secondsBetweenChanges: 100,
  heartbeatSeconds: 25,
  nodeBytes: 1_000_000_000,
  nodeSockets: 50_000,
  maxBusy: 0.5,
};

describe("what so many connections need", () => {
  test("a hundred thousand, by hand", () => {
    const need = needFor(LOAD, CONSTANTS);
    expect(need.changesPerSecond).toBe(1_000);
    expect(need.deliveriesPerSecond).toBe(10_000);
    expect(need.bytes).toBe(2_000_000_000);
    // 14,000 messages of 10 µs, 1,000 changes of 500 µs, and 50 µs on each of the nodes for each change.
    expect(need.nodes).toBe(2);
    expect(need.nodeCores).toBeCloseTo(0.14 + 0.5 + 0.1, 5);
    expect(need.redisMessagesPerSecond).toBe(2_000);
    expect(need.redisBusy).toBeCloseTo(0.01, 5);
    expect(need.databaseBusy).toBe(0.5);
  });

  test("ten times as many: the database is the first that cannot", () => {
    const need = needFor({ ...LOAD, connections: 1_000_000 }, CONSTANTS);
    expect(need.databaseBusy).toBe(5);
    expect(need.redisBusy).toBeLessThan(1);
    // A board has ten connections, so no more than ten nodes are told of a change, however many there are.
    expect(need.redisMessagesPerSecond).toBe(10_000 * 10);
    // 1.4 processors for messages, 5 for changes and 5 for hints, each half busy.
    expect(need.nodes).toBe(23);
    expect(need.nodeCores / need.nodes).toBeLessThanOrEqual(0.5);
  });

  test("memory, or the number of sockets, can ask for more nodes than the work does", () => {
    expect(needFor({ ...LOAD, nodeBytes: 100_000_000 }, CONSTANTS).nodes).toBe(20);
    expect(needFor({ ...LOAD, nodeSockets: 10_000 }, CONSTANTS).nodes).toBe(10);
  });
});
