"use client";

import { useDeferredValue, useMemo, useState } from "react";
import { type ConfigRow, configRows, filterRows, type RowFilter } from "#domain/connectors/config-rows.ts";
import { type PluginKey, searchKeys } from "#domain/connectors/plugin-key.ts";

/** Rows of a configuration, narrowed by words and a filter; typing never waits for the list. */
export function useConfigRows(
  config: Record<string, string>,
  keys: readonly PluginKey[],
  { initial, plugin }: { initial: RowFilter; plugin: string },
) {
  const [words, setWords] = useState("");
  const [filter, setFilter] = useState<RowFilter>(initial);
  const wanted = useDeferredValue(words);
  const all = useMemo(() => configRows(config, keys, plugin), [config, keys, plugin]);
  const rows: ConfigRow[] = useMemo(() => {
    // Who types a key's name looks for it wherever it is.
    const filtered = wanted.trim() === "" ? filterRows(all, filter) : all;
    return searchKeys(filtered, wanted);
  }, [all, filter, wanted]);
  return { rows, words, setWords, filter, setFilter };
}
