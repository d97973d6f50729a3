/** A question of a lesson whose answer is measured: `requests of bob in 60 s`, `bytes of bob in 10 s`, `delay of bob`. */
export type Prediction =
  /** How many requests, or bytes both ways, in so many seconds. */
  | { readonly total: "requests" | "bytes"; readonly person: string; readonly seconds: number }
  /** From another one's click to this one's screen, at the next change. */
  | { readonly total: "delay"; readonly person: string };

/** @returns a sentence that says what is wrong with the text, if it is none */
export function parsePrediction(text: string): Prediction | string {
  const delay = /^delay of ([a-z]+)$/.exec(text)?.[1];
  if (delay) return { total: "delay", person: delay };
  const [, total, person, seconds] = /^(requests|bytes) of ([a-z]+) in (\d{1,3}) s$/.exec(text) ?? [];
  if ((total === "requests" || total === "bytes") && person)
    return { total, person, seconds: Number(seconds) };
  return `"${text}" is no prediction: write "requests of bob in 60 s", "bytes of bob in 10 s" or "delay of bob".`;
}

export function unitOf({ total }: Prediction): string {
  return total === "delay" ? "ms" : total;
}
