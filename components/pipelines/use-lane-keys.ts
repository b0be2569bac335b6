import { type FocusEvent, type KeyboardEvent, useState } from "react";

/**
 * One stop for Tab, arrow keys inside: up and down between lanes, left and right between the marks of a lane. A canal of
 * 500 tables would otherwise be a thousand stops.
 */
export function useLaneKeys(first: string | undefined) {
  const [current, setCurrent] = useState<string>();

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    const lane = laneOf(event.target);
    if (!step || !lane || !(event.target instanceof HTMLElement)) return;
    const goal = step(event.currentTarget, lane, event.target);
    if (!goal) return;
    event.preventDefault();
    goal.focus();
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => setCurrent(laneOf(event.target)?.dataset.lane);

  return { current: current ?? first, handlers: { onKeyDown, onFocus } };
}

type Step = (root: HTMLElement, lane: HTMLElement, from: HTMLElement) => HTMLElement | null | undefined;

const lanesIn = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>("[data-lane]")];
const stopsIn = (lane: HTMLElement | undefined) => [
  ...(lane?.querySelectorAll<HTMLElement>("[data-stop]") ?? []),
];

const toLane =
  (distance: number): Step =>
  (root, lane) => {
    const lanes = lanesIn(root);
    return stopsIn(lanes[lanes.indexOf(lane) + distance])[0];
  };
const toStop =
  (distance: number): Step =>
  (_root, lane, from) => {
    const stops = stopsIn(lane);
    return stops[stops.indexOf(from) + distance];
  };

const STEPS: Record<string, Step> = {
  ArrowDown: toLane(1),
  ArrowUp: toLane(-1),
  ArrowRight: toStop(1),
  ArrowLeft: toStop(-1),
  Home: (root) => stopsIn(lanesIn(root)[0])[0],
  End: (root) => stopsIn(lanesIn(root).at(-1))[0],
};

function laneOf(target: EventTarget): HTMLElement | undefined {
  return target instanceof HTMLElement
    ? (target.closest<HTMLElement>("[data-lane]") ?? undefined)
    : undefined;
}
