import { labelStyle } from "../colours.ts";

export function Label({ text }: { readonly text: string }) {
  return (
    <span class="label" style={labelStyle(text)}>
      {text}
    </span>
  );
}
