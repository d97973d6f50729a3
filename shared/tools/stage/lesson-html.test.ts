import { describe, expect, test } from "vitest";
import { lessonHtml } from "./lesson-html.ts";

const html = (markdown: string) => lessonHtml(markdown, "chapters/00-x").html;

describe("a lesson on the stage", () => {
  test("a picture comes from the lesson's folder", () => {
    expect(html("![The herd](herd.svg)")).toBe(
      '<p><img src="/source/chapters/00-x/herd.svg" alt="The herd"></p>\n',
    );
  });

  test("has its sections as a list of contents", () => {
    const { html, sections } = lessonHtml(
      "# Title\n\n## What breaks\n\ntext\n\n## Try it\n",
      "chapters/00-x",
    );
    expect(sections).toEqual([
      { id: "what-breaks", title: "What breaks" },
      { id: "try-it", title: "Try it" },
    ]);
    expect(html).toContain('<h2 id="try-it">Try it</h2>');
  });

  test("links to files of the course show them, and other links open beside the stage", () => {
    expect(html("[a](app.ts)")).toContain('href="/source/chapters/00-x/app.ts" target="_blank"');
    expect(html("[b](../../shared/board.ts)")).toContain('href="/source/shared/board.ts"');
    expect(html("[c](https://example.org/)")).toContain(
      'href="https://example.org/" target="_blank" rel="noopener"',
    );
    expect(html("open <http://localhost:3000>")).toBe("<p>open http://localhost:3000</p>\n");
  });

  test("code is text, and says from which file it is", () => {
    const code = html('```ts title="chapters/00-x/app.ts"\nif (a < b) alert("x");\n```');
    expect(code).toContain("if (a &lt; b) alert(&quot;x&quot;);");
    expect(code).toContain('href="/source/chapters/00-x/app.ts"');
  });

  test("a diagram is a picture in the making, and its text until then", () => {
    expect(html("```mermaid\nA->>B: <hi>\n```")).toContain('<pre class="mermaid"');
    expect(html("```mermaid\nA->>B: <hi>\n```")).toContain("A-&gt;&gt;B: &lt;hi&gt;");
  });

  test("a fault script has a button that runs it", () => {
    const block = html('```json faults\n{ "steps": [] }\n```');
    expect(block).toContain('<button type="button" class="run-script"');
    expect(block).toContain('data-script="{ &quot;steps&quot;: [] }"');
    expect(html('```json\n{ "steps": [] }\n```')).not.toContain("button");
  });

  test("a prediction is a place for a guess, also inside a list", () => {
    const place = '<div class="prediction" data-prediction="requests of bob in 30 s"></div>';
    expect(html("How many?\n\n<!-- predict: requests of bob in 30 s -->\n")).toContain(place);
    expect(html("1. How many?\n\n   <!-- predict: requests of bob in 30 s -->\n\n   Few.\n")).toContain(
      place,
    );
    expect(html("<!-- predict: nonsense -->")).not.toContain("prediction");
  });
});
