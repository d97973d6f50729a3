// The bench: npm run bench. Each repetition starts every server once, alone, in a process of its own.
import { writeFileSync } from "node:fs";
import { SETTING_EXIT_CODE, SettingError } from "../../shared/settings.ts";
import { conditionsOf, conditionsText } from "./conditions.ts";
import { type Section, SOCKETS, STREAMS } from "./measured.ts";
import { changes, delays } from "./measures/changes.ts";
import { connect } from "./measures/connect.ts";
import { bursts, steady } from "./measures/fan-out.ts";
import { type Values, visit } from "./measures/visit.ts";
import { DEFAULTS, MEASURES, type Options, parseOptions, USAGE } from "./options.ts";
import { type Plan, planFor } from "./plans.ts";
import type { Sample } from "./ratios.ts";
import { sectionText, verdicts } from "./report.ts";
import { type MeasuredServer, SOCKET_SERVERS, STREAM_SERVERS } from "./servers.ts";

const print = (text: string) => process.stdout.write(text);

export async function main(args: readonly string[]): Promise<void> {
  try {
    const options = parseOptions(args);
    if (options === "help") print(USAGE);
    else await bench(options);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.error(error.message);
    process.exit(SETTING_EXIT_CODE);
  }
}

async function bench(options: Options): Promise<void> {
  const { measures, only = "" } = options;
  const conditions = conditionsOf(options);
  const plan = planFor(options);
  const results: { section: Section; samples: Sample[] }[] = [];
  print(`${conditionsText(conditions)}\n`);
  const hasChanges = measures.has("changes") || measures.has("delays");
  if (measures.has("sockets") || hasChanges) await measureAll(SOCKETS, SOCKET_SERVERS);
  if (measures.has("streams") || hasChanges) await measureAll(STREAMS, STREAM_SERVERS);

  async function measureAll(section: Section, servers: readonly MeasuredServer[]): Promise<void> {
    const chosen = servers.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
    if (chosen.length === 0) return;
    results.push({ section, samples: await repeat(chosen, section, options, plan) });
  }

  if (results.length === 0)
    throw new SettingError(`No server that is measured here is called "${only}": try --help.`);
  const text = results.map(({ section, samples }) => sectionText(section, samples)).join("\n");
  print(`\n${text}`);
  const targets = results.flatMap(({ section, samples }) => verdicts(section, samples));
  const samples = Object.fromEntries(results.map((result) => [result.section.title, result.samples]));
  // A part of a run does not replace a whole one.
  const name = isWhole(options) ? "results" : "partial-results";
  write(`${name}.json`, `${JSON.stringify({ ...conditions, targets, samples }, null, 2)}\n`);
  write(`${name}.md`, `# Results\n\n${conditionsText(conditions)}\n${text}`);
  print(`\nWritten to ${name}.json and ${name}.md.\n`);
}

/** The order is turned round each time: whatever a server leaves behind on the machine does not always meet the same one. */
async function repeat(
  servers: readonly MeasuredServer[],
  section: Section,
  options: Options,
  plan: Plan,
): Promise<Sample[]> {
  const { repetitions } = options;
  const samples: Sample[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    for (const server of repetition % 2 === 0 ? servers.toReversed() : servers) {
      print(`${section.title}, repetition ${repetition} of ${repetitions}: ${server.name}\n`);
      samples.push({
        server: server.name,
        repetition,
        values: await measure(server, section, options, plan),
      });
    }
  }
  return samples;
}

function measure(
  server: MeasuredServer,
  section: Section,
  { measures, clients, profile }: Options,
  plan: Plan,
): Promise<Values> {
  return visit(server, clients, profile, async (visited) => {
    const values = await connect(visited);
    if (measures.has(section === SOCKETS ? "sockets" : "streams")) {
      Object.assign(values, await steady(visited, plan.fanOut), await bursts(visited, plan.fanOut));
    }
    if (measures.has("delays")) Object.assign(values, await delays(visited, plan.changes));
    if (measures.has("changes")) Object.assign(values, await changes(visited, plan.changes));
    return values;
  });
}

function isWhole({ isQuick, measures, only, profile, repetitions, clients }: Options): boolean {
  const hasAll = measures.size === MEASURES.length && only === undefined && profile === undefined;
  return hasAll && !isQuick && repetitions >= DEFAULTS.repetitions && clients >= DEFAULTS.clients;
}

function write(file: string, text: string): void {
  writeFileSync(new URL(file, import.meta.url), text);
}
