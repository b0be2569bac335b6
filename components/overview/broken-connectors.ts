import type { ListInput } from "#domain/filters/list-input.ts";

/** The page prefetches with the same input the section asks with. */
export const BROKEN_CONNECTORS: ListInput = {
  filter: "state:failed state:degraded",
  sort: "state",
  page: 1,
  pageSize: 20,
};
