import { posix } from "node:path";
import { Marked, type Tokens } from "marked";
import { escapeHtml } from "../../web/html.ts";
import { parsePrediction } from "../../web/stage/prediction.ts";

/** A lesson as the stage shows it. */
export interface LessonHtml {
  readonly html: string;
  /** Its sections, for the list of contents. */
  readonly sections: readonly { readonly id: string; readonly title: string }[];
}

/**
 * Turns a lesson's Markdown into HTML. The texts are this repository's own, so the HTML in them is kept; the page's
 * policy runs no script from it.
 *
 * @param folder where the lesson is, relative to the root: what its links are relative to
 */
export function lessonHtml(markdown: string, folder: string): LessonHtml {
  const sections: { id: string; title: string }[] = [];
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth, text }) {
        const id = slug(text);
        if (depth === 2) sections.push({ id, title: text });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        if (/^https?:\/\/localhost/.test(href)) return text; // the reader is already there
        const isElsewhere = /^[a-z]+:/.test(href);
        const target = isElsewhere ? href : `/source/${posix.join(folder, href)}`;
        return `<a href="${escapeHtml(target)}" target="_blank" rel="noopener">${text}</a>`;
      },
      image: ({ href, text }) =>
        `<img src="/source/${escapeHtml(posix.join(folder, href))}" alt="${escapeHtml(text)}">`,
      code: (token) => codeBlock(token),
      html: ({ text }) => predictionPlace(text) ?? text,
      // A table or a block of code may be wider than the lesson: it scrolls by itself, also by keyboard.
      table(token) {
        const row = (cells: Tokens.TableCell[]) =>
          `<tr>${cells.map((cell) => `<${cell.header ? "th" : "td"}>${this.parser.parseInline(cell.tokens)}</${cell.header ? "th" : "td"}>`).join("")}</tr>`;
        const rows = token.rows.map(row).join("\n");
        return `<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead>${row(token.header)}</thead><tbody>${rows}</tbody></table></div>\n`;
      },
    },
  });
  return { html: marked.parse(markdown, { async: false }), sections };
}

function codeBlock({ text, lang = "" }: Tokens.Code): string {
  const [language = "", kind] = lang.split(" ");
  if (language === "mermaid") {
    return `<div class="diagram"><pre class="mermaid" role="img" aria-label="Diagram">${escapeHtml(text)}</pre></div>\n`;
  }
  const file = /title="([^"]+)"/.exec(lang)?.[1];
  const caption = file
    ? `<a class="file" href="/source/${escapeHtml(file)}" target="_blank" rel="noopener">${escapeHtml(file)}</a>`
    : "";
  const script =
    kind === "faults"
      ? `<button type="button" class="run-script" data-script="${escapeHtml(text)}">Run</button>`
      : "";
  const label = file ?? (language === "console" ? "Commands and their output" : "Code");
  return `<div class="code">${caption}<pre tabindex="0" role="group" aria-label="${escapeHtml(label)}"><code>${escapeHtml(text)}</code></pre>${script}</div>\n`;
}

/** `<!-- predict: … -->` is invisible in other readers, and here the place where the reader writes a guess. */
function predictionPlace(html: string): string | undefined {
  const text = /^<!-- predict: (.+) -->\s*$/.exec(html)?.[1];
  if (text === undefined || typeof parsePrediction(text) === "string") return undefined;
  return `<div class="prediction" data-prediction="${escapeHtml(text)}"></div>\n`;
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
