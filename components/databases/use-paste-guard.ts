"use client";

import { type ClipboardEvent, useState } from "react";
import { refusePaste } from "./paste-guard.ts";

type TextControl = HTMLInputElement | HTMLTextAreaElement;

export interface PasteGuard {
  /** Why the last paste was not kept; gone with the next input. */
  refused: string | undefined;
  /** Spread on the control. */
  handlers: { onPaste: (event: ClipboardEvent<TextControl>) => void; onInput: () => void };
}

/** Keeps secrets out of a field before anything leaves the browser. */
export function usePasteGuard(
  refuse: (text: string, current: string) => string | undefined = refusePaste,
): PasteGuard {
  const [refused, setRefused] = useState<string>();
  return {
    refused,
    handlers: {
      onPaste: (event) => {
        const refusal = refuse(event.clipboardData.getData("text"), event.currentTarget.value);
        setRefused(refusal);
        if (refusal !== undefined) event.preventDefault();
      },
      onInput: () => setRefused(undefined),
    },
  };
}
