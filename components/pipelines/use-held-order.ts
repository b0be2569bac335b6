import { useRef, useState } from "react";

/** Keeps the order in which things stood when the pointer or the focus came, so that nothing moves from under it. */
export function useHeldOrder<T>(items: readonly T[], idOf: (item: T) => string) {
  const [isHeld, setIsHeld] = useState(false);
  const held = useRef<readonly string[]>([]);
  const order = isHeld ? held.current : items.map(idOf);
  const rank = new Map(order.map((id, index) => [id, index]));
  const rankOf = (item: T) => rank.get(idOf(item)) ?? order.length;
  const ordered = isHeld ? items.toSorted((a, b) => rankOf(a) - rankOf(b)) : items;
  const hold = () => {
    if (isHeld) return;
    held.current = items.map(idOf);
    setIsHeld(true);
  };
  const release = () => setIsHeld(false);
  return {
    ordered,
    handlers: { onPointerEnter: hold, onPointerLeave: release, onFocusCapture: hold, onBlurCapture: release },
  };
}
