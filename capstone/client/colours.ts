// Colours for people and labels, from their names: the same on every screen, and readable.

/** Hues that are told apart easily, in degrees. */
const HUES = [4, 24, 42, 88, 142, 168, 190, 212, 234, 262, 288, 326];

export interface Colours {
  readonly background: string;
  readonly text: string;
}

/** White letters on it are readable, whatever the scheme. */
export function personColours(userId: string): Colours {
  const hue = hueOf(userId);
  return { background: `hsl(${hue} ${isYellowish(hue) ? "62% 28%" : "48% 40%"})`, text: "#ffffff" };
}

export function labelColours(text: string, scheme: "light" | "dark"): Colours {
  const hue = hueOf(text.toLowerCase());
  return scheme === "light"
    ? { background: `hsl(${hue} 58% 91%)`, text: `hsl(${hue} 62% 23%)` }
    : { background: `hsl(${hue} 30% 24%)`, text: `hsl(${hue} 62% 84%)` };
}

/** As the custom properties `--back` and `--front`, for both schemes. */
export function labelStyle(text: string): Record<string, string> {
  const light = labelColours(text, "light");
  const dark = labelColours(text, "dark");
  return {
    "--back": `light-dark(${light.background}, ${dark.background})`,
    "--front": `light-dark(${light.text}, ${dark.text})`,
  };
}

/** The first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

/** Yellow and green are light to the eye. */
function isYellowish(hue: number): boolean {
  return hue > 36 && hue < 196;
}

function hueOf(text: string): number {
  // FNV-1a: https://www.rfc-editor.org/rfc/rfc9923
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return HUES[(hash >>> 0) % HUES.length] ?? 0;
}
