"use client";

import { useCallback, useState } from "react";
import { plaintextIn } from "#domain/credentials/plaintext.ts";

/**
 * A draft that survives a reload of this tab. What looks like a secret is never written anywhere: such a draft simply
 * does not survive. Use it in components that are not rendered on the server.
 */
export function useDraft<T extends object>(
  key: string,
  parse: (value: unknown) => T | undefined,
  initial: () => T,
): [T, (change: Partial<T>) => void, () => void] {
  const [draft, setDraft] = useState<T>(() => readDraft(key, parse) ?? initial());
  const change = useCallback(
    (changes: Partial<T>) =>
      setDraft((current) => {
        const next = { ...current, ...changes };
        writeDraft(key, next);
        return next;
      }),
    [key],
  );
  const forget = useCallback(() => sessionStorage.removeItem(key), [key]);
  return [draft, change, forget];
}

function readDraft<T>(key: string, parse: (value: unknown) => T | undefined): T | undefined {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? undefined : parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function writeDraft(key: string, draft: object): void {
  try {
    const texts: string[] = [];
    const json = JSON.stringify(draft, (_, value: unknown) => {
      if (typeof value === "string") texts.push(value);
      return value;
    });
    if (texts.some((text) => plaintextIn(text) !== undefined)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, json);
  } catch {
    // A full or forbidden storage costs the draft its reload, nothing else.
  }
}
