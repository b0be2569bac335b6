import { GROUP_FILTER, RECORD_FILTER } from "#domain/dead-letters/filter.ts";

/** The page prefetches with the same options the lists ask with. `impact` is the server's own order. */
export const GROUP_LIST = { grammar: GROUP_FILTER, defaultSort: "impact" };

export const RECORD_LIST = { grammar: RECORD_FILTER, defaultSort: "-failed" };
