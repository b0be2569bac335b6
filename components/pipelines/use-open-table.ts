import { parseAsString, useQueryState } from "nuqs";

/** The table opened beside the pipeline, kept in the URL. */
export function useOpenTable() {
  return useQueryState("table", parseAsString.withOptions({ history: "push", scroll: false }));
}
