import { expect, test } from "vitest";
import { initials, labelColours, personColours } from "./colours.ts";

const names = Array.from({ length: 400 }, (_, index) => `name-${index}`);

test("what is written on labels and people is readable", () => {
  for (const name of names) {
    const all = [personColours(name), labelColours(name, "light"), labelColours(name, "dark")];
    for (const { background, text } of all) {
      expect(contrast(background, text), `${text} on ${background}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test("a name has the same colour everywhere, and names have several", () => {
  expect(labelColours("Design", "light")).toEqual(labelColours("design", "light"));
  expect(new Set(names.map((name) => personColours(name).background)).size).toBeGreaterThan(8);
});

test("initials", () => {
  expect(["Alice", "bob van Baker", "  ", "Émile Zola"].map(initials)).toEqual(["A", "BB", "", "ÉZ"]);
});

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 0 to 1. @see https://www.w3.org/TR/css-color-4/#hsl-to-rgb */
function channels(colour: string): number[] {
  if (colour === "#ffffff") return [1, 1, 1];
  const [hue = 0, saturation = 0, lightness = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  const amplitude = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100);
  return [0, 8, 4].map((n) => {
    const k = (n + hue / 30) % 12;
    return lightness / 100 - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  });
}
