import type { Route } from "next";

export const DEAD_LETTERS = "/dead-letters" as Route;
export const CAUSES_PATH = "/dead-letters/causes" as Route;

const TABS = ["groups", "records", "rules", "rates", "topics"] as const;
export type DeadLetterTab = (typeof TABS)[number];

/** An address nobody has made leads to the first tab. */
export function readTab(text: string | null): DeadLetterTab {
  return TABS.find((tab) => tab === text) ?? "groups";
}

/** One of the lists, narrowed. */
export function deadLettersPath({
  tab = "groups",
  filter = "",
}: {
  tab?: DeadLetterTab;
  filter?: string;
}): Route {
  const params = new URLSearchParams();
  if (tab !== "groups") params.set("tab", tab);
  if (filter !== "") params.set("q", filter);
  const query = params.toString();
  return (query === "" ? DEAD_LETTERS : `${DEAD_LETTERS}?${query}`) as Route;
}

/** What some sinks of a cluster could not deliver and nobody has settled. */
export function sinkLettersPath(cluster: string, sinks: readonly string[]): Route {
  const filter = [`cluster:${quoted(cluster)}`, ...sinks.map((sink) => `connector:${quoted(sink)}`)].join(
    " ",
  );
  return deadLettersPath({ filter });
}

export function groupPath(id: number): Route {
  return `${DEAD_LETTERS}/groups/${id}` as Route;
}

export function recordPath(id: number): Route {
  return `${DEAD_LETTERS}/records/${id}` as Route;
}

/** The catalogue's entry: what it means and what to do. */
export function causePath(id: string): Route {
  return `${CAUSES_PATH}#${id}` as Route;
}

function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}
