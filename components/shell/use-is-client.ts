import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False while HTML is made and for the first paint in the browser, true afterwards. */
export function useIsClient(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
