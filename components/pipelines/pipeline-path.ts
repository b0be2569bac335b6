import type { Route } from "next";

interface Ref {
  cluster: string;
  source: string;
}

export function pipelinePath({ cluster, source }: Ref): Route {
  return `/pipelines/${encodeURIComponent(cluster)}/${encodeURIComponent(source)}` as Route;
}

/** The pipeline with one table opened beside it. */
export function tablePath(ref: Ref, table: string): Route {
  return `${pipelinePath(ref)}?table=${encodeURIComponent(table)}` as Route;
}
