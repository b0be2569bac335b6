import type { Route } from "next";
import { deadLettersPath } from "#components/dead-letters/dead-letter-paths.ts";

export const RECONCILIATION = "/reconciliation" as Route;
/** The way back from each page below it. */
export const CRUMBS = [{ label: "Reconciliation", href: RECONCILIATION }];

const TABS = ["tables", "rows", "runs"] as const;
export type ReconciliationTab = (typeof TABS)[number];

/** An address nobody has made leads to the first tab. */
export function readTab(text: string | null): ReconciliationTab {
  return TABS.find((tab) => tab === text) ?? "tables";
}

/** One of the lists, narrowed. */
export function reconciliationPath({
  tab = "tables",
  filter = "",
}: {
  tab?: ReconciliationTab;
  filter?: string;
}): Route {
  const params = new URLSearchParams();
  if (tab !== "tables") params.set("tab", tab);
  if (filter !== "") params.set("q", filter);
  const query = params.toString();
  return (query === "" ? RECONCILIATION : `${RECONCILIATION}?${query}`) as Route;
}

export function checkedTablePath(id: number): Route {
  return `${RECONCILIATION}/tables/${id}` as Route;
}

/** The dead letters that wait for a repair and may hold rows of this table back. */
export function tableLettersPath({
  cluster,
  sink,
  table,
}: {
  cluster: string;
  sink: string;
  table: string;
}): Route {
  const filter = [
    ["cluster", cluster],
    ["connector", sink],
    ["table", table],
    ["status", "PENDING"],
  ]
    .map(([key, value = ""]) => `${key}:${/[\s"]/.test(value) ? JSON.stringify(value) : value}`)
    .join(" ");
  return deadLettersPath({ tab: "records", filter });
}

export function checkPath(id: string): Route {
  return `${RECONCILIATION}/runs/${id}` as Route;
}

export function reportPath(id: string): Route {
  return `${RECONCILIATION}/reports/${id}` as Route;
}

/** The same report as a download. */
export function reportFilePath(id: string, format: "json" | "csv"): string {
  return `/api/reconciliation/reports/${id}?format=${format}`;
}
