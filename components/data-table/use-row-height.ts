"use client";

import { useSyncExternalStore } from "react";

const COMPACT = 32;

function read(): number {
  const value = getComputedStyle(document.documentElement).getPropertyValue("--row-height");
  return Number.parseInt(value, 10) || COMPACT;
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-density"] });
  const pointer = matchMedia("(pointer: coarse)");
  pointer.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    pointer.removeEventListener("change", listener);
  };
}

/** The pixels a row takes in the current density, as the style sheet has it. */
export function useRowHeight(): number {
  return useSyncExternalStore(subscribe, read, () => COMPACT);
}
