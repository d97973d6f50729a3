// Addresses in a text, as parts of it. Nothing is ever read as HTML.

export interface TextPart {
  readonly text: string;
  /** Where it leads: `https:` or `http:`, and nothing else. Undefined: it is plain text. */
  readonly href?: string;
}

/** Not within a word, as in `xhttps://`. Up to what never is part of an address. */
const ADDRESS = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"“”„`]+/giu;
/** No browser takes much more. In characters. */
const MAX_LENGTH = 4_000;
/** What ends a sentence, and not an address. */
const AFTER = new Set(".,:;!?'’*_~…");
const PAIRS = { ")": "(", "]": "[", "}": "{" } as const;

/** The parts of a text, in order. Together they are the text. */
export function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (match[0].length > MAX_LENGTH) continue;
    const address = trimmed(match[0]);
    const href = hrefOf(address);
    if (href === undefined) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Without the sentence's punctuation, and without a bracket that was opened before the address. */
function trimmed(address: string): string {
  const counts = new Map<string, number>();
  for (const character of address) counts.set(character, (counts.get(character) ?? 0) + 1);
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? "";
    const opening = PAIRS[last as keyof typeof PAIRS];
    const isUnopened = opening !== undefined && (counts.get(last) ?? 0) > (counts.get(opening) ?? 0);
    if (!isUnopened && !AFTER.has(last)) break;
    counts.set(last, (counts.get(last) ?? 0) - 1);
  }
  return address.slice(0, end);
}

/** As the browser would understand it. What hides another address behind a user name is left as text. */
function hrefOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, username, password, hostname, href } = new URL(address);
  const isWeb = protocol === "https:" || protocol === "http:";
  return isWeb && hostname !== "" && username === "" && password === "" ? href : undefined;
}
