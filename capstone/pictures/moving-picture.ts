// Two pages side by side as one moving picture, an animated PNG.
import type { Locator, Page } from "playwright-core";
import UPNG from "upng-js";

/** How often it is looked at both pages, in milliseconds. */
const FRAME_MS = 125;

/** What lies between the two, in pixels. */
const GAP = 12;

export interface Stage {
  /** Lets time pass, in milliseconds. */
  hold(ms: number): Promise<void>;
  /** Drags something onto something else, slowly enough to be followed. */
  glide(page: Page, from: Locator, to: Locator): Promise<void>;
}

/** @returns an animated PNG of what `play` does with the pages, from its beginning to its end */
export async function recordTwo(
  left: Page,
  right: Page,
  play: (stage: Stage) => Promise<void>,
): Promise<Buffer> {
  const frames: { readonly picture: Uint8Array; readonly at: number }[] = [];
  let size = { width: 0, height: 0 };
  let isOver = false;

  async function record(): Promise<void> {
    while (!isOver) {
      const at = performance.now();
      const shots = await Promise.all([left, right].map((page) => page.screenshot({ caret: "initial" })));
      const sideBySide = join(shots.map(decode));
      size = sideBySide;
      frames.push({ picture: sideBySide.pixels, at });
      await pause(Math.max(0, FRAME_MS - (performance.now() - at)));
    }
  }

  async function glide(page: Page, from: Locator, to: Locator): Promise<void> {
    await from.scrollIntoViewIfNeeded();
    const [start, end] = await Promise.all([from.boundingBox(), to.boundingBox()]);
    if (!start || !end) throw new Error("There is nothing to drag.");
    await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await page.mouse.down();
    const steps = 14;
    for (let step = 1; step <= steps; step += 1) {
      const part = step / steps;
      const x = start.x + start.width / 2 + part * (end.x + end.width / 2 - start.x - start.width / 2);
      const y = start.y + start.height / 2 + part * (end.y + end.height * 0.2 - start.y - start.height / 2);
      await page.mouse.move(x, y);
      await pause(70);
    }
    await page.mouse.up();
  }

  const recording = record();
  await play({ hold: pause, glide });
  isOver = true;
  await recording;
  const delays = frames.map(({ at }, index) => Math.round((frames[index + 1]?.at ?? at + 1_500) - at));
  const pictures = frames.map(({ picture }) => picture.buffer as ArrayBuffer);
  // 128 colours are enough for a page without photographs.
  return Buffer.from(UPNG.encode(pictures, size.width, size.height, 128, delays));
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly pixels: Uint8Array;
}

function decode(png: Buffer): Picture {
  const { buffer, byteOffset, byteLength } = png;
  const image = UPNG.decode(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  return { width: image.width, height: image.height, pixels: new Uint8Array(UPNG.toRGBA8(image)[0] ?? []) };
}

function join([left, right]: readonly Picture[]): Picture {
  if (!left || !right) throw new Error("It takes two pictures.");
  const width = left.width + GAP + right.width;
  const pixels = new Uint8Array(width * left.height * 4).fill(255);
  for (let row = 0; row < left.height; row += 1) {
    const at = row * width * 4;
    pixels.set(left.pixels.subarray(row * left.width * 4, (row + 1) * left.width * 4), at);
    pixels.set(
      right.pixels.subarray(row * right.width * 4, (row + 1) * right.width * 4),
      at + (left.width + GAP) * 4,
    );
  }
  return { width, height: left.height, pixels };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
