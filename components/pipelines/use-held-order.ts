import { type FocusEvent, useState } from "react";

interface Held {
  by: { pointer: boolean; focus: boolean };
  order: readonly string[];
}

/** Keeps the order in which things stood when the pointer or the focus came, so that nothing moves from under it. */
export function useHeldOrder<T>(items: readonly T[], idOf: (item: T) => string) {
  const [held, setHeld] = useState<Held>();
  const rank = new Map(held?.order.map((id, index) => [id, index]));
  const rankOf = (item: T) => rank.get(idOf(item)) ?? rank.size;
  const ordered = held ? items.toSorted((a, b) => rankOf(a) - rankOf(b)) : items;
  const hold = (how: keyof Held["by"], on: boolean) =>
    setHeld((before) => {
      const by = { pointer: false, focus: false, ...before?.by, [how]: on };
      return by.pointer || by.focus ? { by, order: before?.order ?? items.map(idOf) } : undefined;
    });
  return {
    ordered,
    handlers: {
      onPointerEnter: () => hold("pointer", true),
      onPointerLeave: () => hold("pointer", false),
      onFocusCapture: () => hold("focus", true),
      onBlurCapture: (event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) hold("focus", false);
      },
    },
  };
}
