import type { TextareaHTMLAttributes } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** A field for text that is as high as its text. */
export function GrowingText(props: TextareaHTMLAttributes<HTMLTextAreaElement> & { readonly value: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || CSS.supports("field-sizing: content")) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [props.value]);
  return <textarea ref={field} dir="auto" {...props} class={`growing ${props.class ?? ""}`} />;
}
