// Grows ../../../chapters/10-scaling/soak/soak.ts: with `--capstone`, it is the capstone that is soaked, and by its real clients too.
// Run: npm run soak -- --capstone --runs 30
import { repeatSoak, summaryOf } from "../../../chapters/07-reconnection/soak/soak.ts";
import { runSoakTool, main as soakChapters } from "../../../chapters/10-scaling/soak/soak.ts";
import { soakCapstone } from "./soak-capstone.ts";

/** @param args `--capstone`, and what chapter 10's soak takes */
export async function main(args: readonly string[]): Promise<void> {
  if (!args.includes("--capstone")) return soakChapters(args);
  const others = args.filter((each) => each !== "--capstone");
  await runSoakTool(others, (settings) =>
    repeatSoak(settings, async (seed, ms) => {
      const { history, people, verdict } = await soakCapstone({ seed, ms, nodes: settings.nodes });
      const { given, accepted, refused, crashes, leftByCrashes } = people;
      const clients = [
        `${given} commands by clients (${accepted} accepted, ${refused} refused)`,
        `${crashes} crashes (${leftByCrashes} commands left)`,
      ];
      return { summary: [summaryOf(history), ...clients].join(", "), verdict };
    }),
  );
}
