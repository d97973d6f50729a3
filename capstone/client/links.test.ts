import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partsOf } from "./links.ts";

const links = (text: string) => partsOf(text).flatMap(({ text: shown, href }) => (href ? [shown] : []));

describe("addresses in a text", () => {
  test("are links, and the rest is as it was", () => {
    expect(partsOf("See https://example.com/a?b=1#c and\nhttp://localhost:3000 now")).toEqual([
      { text: "See " },
      { text: "https://example.com/a?b=1#c", href: "https://example.com/a?b=1#c" },
      { text: " and\n" },
      { text: "http://localhost:3000", href: "http://localhost:3000/" },
      { text: " now" },
    ]);
    expect(partsOf("")).toEqual([]);
  });

  test.each([
    ["https://example.com.", "https://example.com"],
    ["https://example.com/a, and", "https://example.com/a"],
    ["Really: https://example.com/a?!", "https://example.com/a"],
    ["(see https://example.com/a)", "https://example.com/a"],
    ["(see https://example.com/a).", "https://example.com/a"],
    ["https://en.wikipedia.org/wiki/Tea_(meal)", "https://en.wikipedia.org/wiki/Tea_(meal)"],
    ["(https://en.wikipedia.org/wiki/Tea_(meal))", "https://en.wikipedia.org/wiki/Tea_(meal)"],
    ["[text](https://example.com/a)", "https://example.com/a"],
    ["“https://example.com/a”", "https://example.com/a"],
    ["<https://example.com/a>", "https://example.com/a"],
    ["**https://example.com/a**", "https://example.com/a"],
    ["HTTPS://EXAMPLE.COM", "HTTPS://EXAMPLE.COM"],
    ["https://exämple.com/ö", "https://exämple.com/ö"],
  ])("end where a reader would end them: %s", (text, link) => {
    expect(links(text)).toEqual([link]);
  });

  test.each([
    "javascript:alert(1)",
    "javascript://https.example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "xhttps://example.com",
    "//example.com",
    "www.example.com",
    "https://",
    "https://...",
    "https://[",
    "https://user:password@example.com",
    "https://bank.example@evil.example",
    "java\nscript:alert(1)",
    '<img src=x onerror="alert(1)">',
  ])("are nothing else: %s", (text) => {
    expect(partsOf(text)).toEqual([{ text }]);
  });

  test("an attribute cannot be left, a tag cannot be begun", () => {
    expect(links('https://example.com/"onmouseover="alert(1)')).toEqual(["https://example.com/"]);
    expect(links("https://example.com/<script>alert(1)</script>")).toEqual(["https://example.com/"]);
  });

  test("of any text: the parts are the text, and every link is of the web", () => {
    const piece = fc.constantFrom(
      "https://",
      "http://",
      "javascript:",
      "a",
      ".",
      "(",
      ")",
      "@",
      "/",
      " ",
      "[",
      '"',
      "<",
      "%",
      "\u202e",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        const parts = partsOf(text);
        expect(parts.map((part) => part.text).join("")).toBe(text);
        for (const { href } of parts) if (href !== undefined) expect(href).toMatch(/^https?:\/\/[^/@]/);
      }),
    );
  });

  test("a long text takes no long time", () => {
    const text = `https://example.com/${"(".repeat(5_000)}${")".repeat(15_000)} ${"https://".repeat(2_000)}`;
    const before = performance.now();
    partsOf(text);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
