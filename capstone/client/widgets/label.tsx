import { labelStyle } from "../colours.ts";

export function Label({ text }: { readonly text: string }) {
  return (
    <span class="label" dir="auto" style={labelStyle(text)}>
      {text}
    </span>
  );
}
