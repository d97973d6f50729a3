import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useArrival } from "../arrival.ts";
import { PageHead } from "./page-head.tsx";

/** A page that says one thing. */
export function Message({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  useArrival();
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <PageHead />
      <main class="narrow-page message" id="main">
        <h1>{title}</h1>
        {children}
      </main>
    </>
  );
}
