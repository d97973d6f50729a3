import { describeContract, pingBySocket } from "../../shared/testing/transport-contract.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";

describeContract("sockets in rooms", {
  folder: import.meta.dirname,
  connect,
  createApp: (database) => createApp({ database }),
  promises: {
    inOrder: true,
    nothingLost: true,
    nothingTwice: true,
    atOnce: true,
    bounded: true,
    twoWay: true,
  },
  say: pingBySocket,
});
