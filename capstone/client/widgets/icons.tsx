// Our own icons: 20 by 20, drawn with lines in the text's colour. Beside a text, or in a button that has a name.
import type { ComponentChildren } from "preact";

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const draw = (d: string) => () => (
  <Icon>
    <path d={d} />
  </Icon>
);

export const PlusIcon = draw("M10 4.5v11M4.5 10h11");
export const CloseIcon = draw("m5.5 5.5 9 9m0-9-9 9");
export const SearchIcon = draw("M13.2 13.2 17 17M9 14.5a5.5 5.5 0 1 1 0-11 5.5 5.5 0 0 1 0 11Z");
export const DotsIcon = () => (
  <Icon>
    <path stroke-width="2.6" d="M4.5 10h.01M10 10h.01M15.5 10h.01" />
  </Icon>
);
export const GripIcon = draw("M7.5 5h.01M12.5 5h.01M7.5 10h.01M12.5 10h.01M7.5 15h.01M12.5 15h.01");
export const CommentIcon = draw(
  "M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-4 3.2v-3.2a1.5 1.5 0 0 1-1.5-1.5Z",
);
export const TextIcon = draw("M4 5.5h12M4 10h12M4 14.5h7");
export const CalendarIcon = draw("M4 5.5h12v11H4zM4 9h12M7 3.5v3.5M13 3.5v3.5");
export const FilterIcon = draw("M3.5 5.5h13M6 10h8M8.5 14.5h3");
export const UndoIcon = draw("M7.5 4.5 4 8l3.5 3.5M4.5 8h7a4.5 4.5 0 0 1 0 9H8");
export const RedoIcon = draw("M12.5 4.5 16 8l-3.5 3.5M15.5 8h-7a4.5 4.5 0 0 0 0 9H12");
export const PeopleIcon = draw(
  "M8 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5.5 6.5c0-2.8 2.4-4.5 5.5-4.5s5.5 1.7 5.5 4.5M13 4.3a3 3 0 0 1 0 5.4m1.5 2.8c1.9.6 3 2 3 4",
);
export const LinkIcon = draw(
  "M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 1 0-4.2-4.2l-1 1m1 3.2a3 3 0 0 0-4.2 0l-3 3a3 3 0 1 0 4.2 4.2l1-1",
);
export const TrashIcon = draw("M4 6h12M8 6V4h4v2m-6.5 0 .8 10.5h7.4L14.5 6M8.5 9v4.5m3-4.5v4.5");
export const PersonIcon = draw(
  "M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10Zm-6 7c0-3 2.6-4.8 6-4.8s6 1.8 6 4.8",
);
export const UpIcon = draw("M10 16V4.5M5 9l5-5 5 5");
export const DownIcon = draw("M10 4v11.5M5 11l5 5 5-5");
export const RightIcon = draw("m8 5 5 5-5 5");
export const LeftIcon = draw("m12 5-5 5 5 5");
export const PencilIcon = draw("m4 16 .8-3.3L13 4.5l2.5 2.5-8.2 8.2zM11.5 6 14 8.5");
export const TopIcon = draw("M5 4h10M10 16.5V8M6 11.5 10 7.5l4 4");
export const BottomIcon = draw("M5 16h10M10 3.5V12M6 8.5l4 4 4-4");
export const ClockIcon = draw("M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-11v4.2l2.8 1.6");
export const SendIcon = draw("M4 10 16.5 4 13 16.5l-3.2-4.3zM9.8 12.2 16.5 4");
export const DownloadIcon = draw("M10 3.5v9M6 9l4 4 4-4M4 16.5h12");
export const UploadIcon = draw("M10 13V4M6 7.5l4-4 4 4M4 16.5h12");
export const SunIcon = draw(
  "M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM10 2.5v1.3M10 16.2v1.3M2.5 10h1.3M16.2 10h1.3M4.7 4.7l.9.9M14.4 14.4l.9.9M4.7 15.3l.9-.9M14.4 5.6l.9-.9",
);
export const HelpIcon = draw(
  "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm-2-8.8c.2-1.1 1-1.7 2-1.7 1.2 0 2 .7 2 1.7 0 1.5-2 1.5-2 2.9M10 13.6h.01",
);
export const SettingsIcon = draw(
  "M3.5 6h7m4 0h2M3.5 14h2m4 0h7M12.5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm-5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
);
export const HomeIcon = draw("M3.5 4h3.6v12H3.5zM8.2 4h3.6v8H8.2zM12.9 4h3.6v10h-3.6z");
export const CheckIcon = draw("m4.5 10.5 3.5 3.5 7.5-8");

/** Three lists: the product's mark. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect x="1" y="1" width="22" height="22" rx="6" fill="var(--accent)" />
      <rect x="5" y="6" width="3.6" height="12" rx="1.4" fill="var(--on-accent)" />
      <rect x="10.2" y="6" width="3.6" height="7" rx="1.4" fill="var(--on-accent)" />
      <rect x="15.4" y="6" width="3.6" height="9.5" rx="1.4" fill="var(--on-accent)" />
    </svg>
  );
}
