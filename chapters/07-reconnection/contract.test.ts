import { signIn } from "../../shared/testing/sign-in.ts";
import { describeContract, pingBySocket } from "../../shared/testing/transport-contract.ts";
import { createApp } from "./app.ts";
import { connect } from "./client.ts";

/** The contract is about the transport: it changes more in a second than any user. */
const PLENTY = { burst: 100_000, perSecond: 100_000 };

describeContract("sockets that come back", {
  folder: import.meta.dirname,
  connect,
  createApp: (database) =>
    createApp({ database, limits: { messagesOfUser: PLENTY, messagesOfAddress: PLENTY } }),
  signIn: (baseUrl) => signIn(baseUrl, "bob"),
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
