import { partsOf } from "../links.ts";

/** A text whose addresses can be followed. It needs `white-space: pre-wrap` around it. */
export function LinkedText({ text, isRead = true }: { readonly text: string; readonly isRead?: boolean }) {
  return (
    <>
      {partsOf(text).map((part, index) =>
        part.href === undefined ? (
          // Where the same text is beside it, in a field, only the links are read out.
          <span key={`${index} ${part.text}`} aria-hidden={isRead ? undefined : "true"}>
            {part.text}
          </span>
        ) : (
          <a
            key={`${index} ${part.text}`}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            dir="auto"
          >
            {part.text}
          </a>
        ),
      )}
    </>
  );
}

export function hasLinks(text: string): boolean {
  return partsOf(text).some(({ href }) => href !== undefined);
}
