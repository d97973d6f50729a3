import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours text for a person; leaves it plain in a pipe, in a file, and where `NO_COLOR` is set. */
export function styled(style: Style, text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Ends the command with one sentence that says what to do. */
export function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
