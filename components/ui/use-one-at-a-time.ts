import { useRef } from "react";

/**
 * Starts an act unless one is under way: a second click can come before the first one's state is painted. What an act throws
 * is its own to show.
 */
export function useOneAtATime(): (act: () => Promise<unknown>) => void {
  const isUnderWay = useRef(false);
  return (act) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    void act()
      .catch(() => undefined)
      .finally(() => {
        isUnderWay.current = false;
      });
  };
}
