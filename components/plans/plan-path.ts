import type { Route } from "next";

export function planPath(planId: string): Route {
  return `/plans/${encodeURIComponent(planId)}` as Route;
}

export function runItemsExportPath(runId: string, filter: string): string {
  return `/api/runs/${encodeURIComponent(runId)}/items${filter ? `?q=${encodeURIComponent(filter)}` : ""}`;
}
