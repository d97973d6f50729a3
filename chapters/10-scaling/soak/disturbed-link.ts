// A bus that does everything that a bus may do.
import type { RedisLink } from "../redis-link.ts";

/** Longer than most messages need, in milliseconds: so that they overtake one another. */
const MAX_DELAY_MS = 200;

/**
 * A link whose messages come twice, late, in another order, not at all, and mixed with lies.
 * @param random from 0 to 1
 */
export function disturbedLink(link: RedisLink, random: () => number): RedisLink {
  return {
    isAlone: link.isAlone,
    get isUp() {
      return link.isUp;
    },
    ask: link.ask,
    tell: link.tell,
    onUp: link.onUp,
    close: link.close,
    listen: (channel, onHint) =>
      link.listen(channel, (hint) => {
        if (random() < 0.2) return;
        for (let copies = random() < 0.3 ? 2 : 1; copies > 0; copies -= 1) {
          if (random() < 0.5) onHint(hint);
          else setTimeout(onHint, MAX_DELAY_MS * random(), hint);
        }
        const isLie = random() < 0.1 && channel.startsWith("board:");
        if (isLie) onHint(String(Math.floor(1e9 * random())));
      }),
  };
}
