import { describeContract } from "../../shared/testing/transport-contract.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";

describeContract("Server-Sent Events", {
  folder: import.meta.dirname,
  connect,
  createApp: (database) => createApp({ database, streamSettings: { retryMs: 100 } }),
  promises: {
    inOrder: true,
    nothingLost: true,
    nothingTwice: true,
    atOnce: true,
    bounded: true,
    twoWay: false,
  },
});
