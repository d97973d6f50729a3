// Between a button's going down and its coming up, nothing may move from under it: the click would go to something else, or nowhere.

let isDown = false;

if (typeof document !== "undefined") {
  const set = (value: boolean) => () => {
    isDown = value;
  };
  document.addEventListener("pointerdown", set(true), true);
  for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, set(false), true);
}

/** Runs something as soon as no button is held, and what the click does is done. */
export function afterClick(run: () => void): void {
  const soon = () => setTimeout(run);
  if (!isDown) return void soon();
  const stopping = new AbortController();
  for (const type of ["pointerup", "pointercancel"]) {
    document.addEventListener(
      type,
      () => {
        stopping.abort();
        soon();
      },
      { signal: stopping.signal },
    );
  }
}
