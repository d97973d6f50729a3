// After signing in the page is another one: the focus must be in it, and not nowhere.
import { useEffect } from "preact/hooks";

let isArriving = false;

/** The next page takes the focus. */
export function arrive(): void {
  isArriving = true;
}

/** For the pages that somebody can arrive at. */
export function useArrival(): void {
  useEffect(() => {
    if (!isArriving) return;
    isArriving = false;
    const main = document.getElementById("main");
    if (!main) return;
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }, []);
}
