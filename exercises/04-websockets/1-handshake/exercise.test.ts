import { expect } from "vitest";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { answerHandshake, type HandshakeAnswer } from "./exercise.ts";

/** The example of RFC 6455, section 1.3, as Chrome would send it. */
const HEADERS = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

function ask(log: Log, changed: Record<string, string | undefined>, method = "GET"): HandshakeAnswer {
  const said = Object.entries(changed).map(([name, value]) =>
    value === undefined ? `, no ${name}` : `, ${name}: ${value}`,
  );
  log(`alice → ${method} /ws${said.join("")}`);
  const answer = answerHandshake({ method, headers: { ...HEADERS, ...changed } });
  log(`alice ← ${answer.status} ${JSON.stringify(answer.headers)}`);
  return answer;
}

test("the example of the standard is answered with 101 and the accept key", ({ log }) => {
  const { status, headers } = ask(log, {});
  // In groups of four, and so in words that are short enough to be compared letter by letter when a mistake is looked for.
  const accept = headers["sec-websocket-accept"]?.replaceAll(/.{4}(?=.)/g, "$& ");
  expect(
    { status, headers: { ...headers, "sec-websocket-accept": accept } },
    "the answer, its accept key in groups of four",
  ).toEqual({
    status: 101,
    headers: {
      upgrade: "websocket",
      connection: "Upgrade",
      // s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
      "sec-websocket-accept": "s3pP LMBi TxaQ 9kYG zzhZ RbK+ xOo=",
    },
  });
});

test("Firefox gets its socket: upgrade is one word of several", ({ log }) => {
  const lists = ["keep-alive, Upgrade", "keep-alive,Upgrade", "Upgrade, keep-alive"];
  const answers = Object.fromEntries(
    lists.map((connection) => [connection, ask(log, { connection }).status]),
  );
  expect(answers, "the answers, by the Connection header").toEqual({
    "keep-alive, Upgrade": 101,
    "keep-alive,Upgrade": 101,
    "Upgrade, keep-alive": 101,
  });
});

test("a client that offers another protocol too gets its socket", ({ log }) => {
  const lists = ["websocket, h2c", "h2c, websocket"];
  const answers = Object.fromEntries(lists.map((upgrade) => [upgrade, ask(log, { upgrade }).status]));
  expect(answers, "the answers, by the Upgrade header").toEqual({
    "websocket, h2c": 101,
    "h2c, websocket": 101,
  });
});

test("the case of the letters does not matter", ({ log }) => {
  const connection = ask(log, { connection: "upgrade" }).status;
  const upgrade = ask(log, { upgrade: "WebSocket" }).status;
  expect({ connection, upgrade }, "the answers, by the header that was written in another way").toEqual({
    connection: 101,
    upgrade: 101,
  });
});

test("a request that asks for something else is refused", ({ log }) => {
  const answers = [
    ask(log, { upgrade: undefined }),
    ask(log, { upgrade: "h2c" }),
    ask(log, { connection: undefined }),
    ask(log, { connection: "keep-alive, Upgrade-Insecure-Requests" }),
  ];
  const refusal = { status: 400, headers: {} };
  expect(answers, "the answers to requests that are not for a WebSocket").toEqual(answers.map(() => refusal));
});

test("a socket cannot be opened with a POST", ({ log }) => {
  expect(ask(log, {}, "POST"), "the answer to a POST").toEqual({ status: 400, headers: {} });
});

test("a client of another version is told which one is spoken here", ({ log }) => {
  const answers = ["8", undefined].map((version) => ask(log, { "sec-websocket-version": version }));
  const refusal = { status: 426, headers: { "sec-websocket-version": "13" } };
  expect(answers, "the answers to version 8 and to none").toEqual([refusal, refusal]);
});

test("a key that is not sixteen bytes in base64 is refused", ({ log }) => {
  const keys = [
    undefined,
    "",
    "dGhlIHNhbXBsZSBub25jZQ",
    "QWxpY2UgYW5kIEJvYiBoZXJl",
    "dGhlIHNhbXBsZSBub25jZ!==",
    "Ym9idGhlIHNhbXBsZSBub25jZQ==",
    "dGhlIHNhbXBsZSBub25jZQ==Ym9i",
  ];
  const answers = keys.map((key) => ask(log, { "sec-websocket-key": key }).status);
  expect(
    answers,
    "the answers to no key, an empty one, one without ==, one of 18 bytes, one with a !, one of 19 bytes, one that goes on behind ==",
  ).toEqual([400, 400, 400, 400, 400, 400, 400]);
});

test("every character of base64 may stand in a key", ({ log }) => {
  const keys = ["+liceAndBobAreHereTodA==", "/liceAndBobAreHereTodA==", "0liceAndBobAreHereTodA=="];
  const answers = Object.fromEntries(
    keys.map((key) => [key[0], ask(log, { "sec-websocket-key": key }).status]),
  );
  expect(answers, "the answers to keys that are good, by their first character").toEqual({
    "+": 101,
    "/": 101,
    "0": 101,
  });
});
