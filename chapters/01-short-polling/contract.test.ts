import { describeContract } from "../../shared/testing/transport-contract.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";

describeContract("short polling", {
  folder: import.meta.dirname,
  connect,
  createApp: (database) => createApp({ database }),
  promises: {
    inOrder: true,
    nothingLost: true,
    nothingTwice: true,
    atOnce: false,
    bounded: true,
    twoWay: false,
  },
});
