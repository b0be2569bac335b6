import type { ListInput } from "#domain/filters/list-input.ts";

/** The page prefetches with the same inputs the sections ask with. */
export const MOST_SHOWN = 30;

const broken = { filter: "state:failed state:degraded", sort: "state", page: 1, pageSize: MOST_SHOWN };

export const BROKEN_CONNECTORS: ListInput = broken;
export const BROKEN_PIPELINES: ListInput = broken;
export const SECRETS_IN_THE_OPEN: ListInput = { filter: "secrets:yes", sort: "", page: 1, pageSize: 1 };
