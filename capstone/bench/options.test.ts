import { expect, test } from "vitest";
import { SettingError } from "../../shared/settings.ts";
import { parseOptions } from "./options.ts";

test("by default it measures everything, five times, with a thousand clients", () => {
  expect(parseOptions([])).toMatchObject({ repetitions: 7, clients: 1_000, isQuick: false });
});

test("what is given counts more than --quick", () => {
  expect(parseOptions(["--quick", "--clients", "30"])).toMatchObject({ repetitions: 1, clients: 30 });
});

test.each([
  [["--clients", "many"], '--clients is "many": give a whole number from 1 to 4000.'],
  [["--repetitions=0"], '--repetitions is "0": give a whole number from 1 to 100.'],
  [
    ["--measures", "sockets,luck"],
    '--measures names "luck", and there are sockets, streams, changes, delays.',
  ],
  [["--fast"], "Unknown option '--fast': try --help."],
  [["now"], "Unexpected argument 'now': try --help."],
])("%j is refused with one sentence", (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(SettingError);
  expect(() => parseOptions(args)).toThrow(sentence);
});
