// Light or dark: as the system is, unless the user wants it otherwise.
import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const NAME = "theme";

export const theme = signal<Theme>("system");

export function startTheme(): void {
  const kept = localStorage.getItem(NAME);
  setTheme(kept === "light" || kept === "dark" ? kept : "system");
}

export function setTheme(value: Theme): void {
  theme.value = value;
  if (value === "system") {
    localStorage.removeItem(NAME);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(NAME, value);
    document.documentElement.dataset.theme = value;
  }
}
