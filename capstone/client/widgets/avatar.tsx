import type { Member } from "../../board/events.ts";
import { initials, personColours } from "../colours.ts";

export interface AvatarProps {
  readonly person: Pick<Member, "userId" | "name">;
  /** What it says, if not the name. Empty: the name stands beside it. */
  readonly title?: string;
  readonly size?: "small" | "large";
}

export function Avatar({ person, title = person.name, size }: AvatarProps) {
  const { background, text } = personColours(person.userId);
  return (
    <span
      class={`avatar ${size ?? ""}`}
      style={{ backgroundColor: background, color: text }}
      {...(title === "" ? { "aria-hidden": true } : { role: "img", "aria-label": title, title })}
    >
      {initials(person.name)}
    </span>
  );
}
