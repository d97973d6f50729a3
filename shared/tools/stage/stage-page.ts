import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { escapeHtml, html, page } from "../../web/html.ts";
import { type Chapter, ROOT } from "../chapters.ts";
import { lessonHtml } from "./lesson-html.ts";

/** The lesson's diagrams bring styles of their own, and the boards are on hosts and a port of their own. */
const STAGE_POLICY = {
  "style-src": "'self' 'unsafe-inline'",
  "frame-src": "http://*.course.localhost:* http://localhost:* http://127.0.0.1:*",
  // To find out whether the browser knows the name.
  "connect-src": "'self' http://course.localhost:*",
};

/** The HTML of the stage: the lesson, and a place for the rest, which the script fills. */
export async function stagePage(chapter: Chapter, tapPort: number): Promise<Response> {
  const markdown = await readFile(join(chapter.folder, "README.md"), "utf8");
  const folder = relative(ROOT, chapter.folder).replaceAll("\\", "/");
  const lesson = lessonHtml(markdown, folder);
  const options = lesson.sections.map(
    ({ id, title }) => `<option value="${id}">${escapeHtml(title)}</option>`,
  );
  const text = page({
    title: `${chapter.title} · Real-Time APIs`,
    bodyClass: "stage-page",
    styles: ["/page/stage.css"],
    body: `<section class="lesson" aria-label="Lesson">
      <header>
        <a class="skip" href="#stage">To the stage</a>
        <label for="sections">Lesson</label>
        <select id="sections">${options.join("")}</select>
      </header>
      <article tabindex="0" aria-label="Text of the lesson">${lesson.html}</article>
    </section>
    <main id="stage" data-chapter="${escapeHtml(chapter.name)}" data-title="${escapeHtml(chapter.title)}" data-tap-port="${tapPort}">
      <noscript>The stage needs JavaScript.</noscript>
    </main>
    <script src="/page/mermaid.js" defer></script>
    <script type="module" src="/page/stage.js"></script>`,
  });
  return html(text, STAGE_POLICY);
}
