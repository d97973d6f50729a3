const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const dayOfYear = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** @param dueOn `2026-11-30` */
export function dayText(dueOn: string, today: string): string {
  const format = dueOn.slice(0, 4) === today.slice(0, 4) ? day : dayOfYear;
  return format.format(new Date(`${dueOn}T00:00:00Z`));
}

export function momentText(at: string | number): string {
  return moment.format(new Date(at));
}

/** “5 minutes ago” */
export function agoText(at: string | number, now = Date.now()): string {
  const seconds = Math.min(0, (new Date(at).getTime() - now) / 1000);
  if (seconds > -45) return "just now";
  if (seconds > -3_600) return ago.format(Math.round(seconds / 60), "minute");
  if (seconds > -86_400) return ago.format(Math.round(seconds / 3_600), "hour");
  if (seconds > -30 * 86_400) return ago.format(Math.round(seconds / 86_400), "day");
  return momentText(at);
}
