import { CHECK_FILTER, CHECKED_TABLE_FILTER, DISCREPANCY_FILTER } from "#domain/reconciliation/filter.ts";

/** The page prefetches with the same options the lists ask with. `worst` is the server's own order. */
export const TABLE_LIST = { grammar: CHECKED_TABLE_FILTER, defaultSort: "worst" };

export const RUN_LIST = { grammar: CHECK_FILTER, defaultSort: "-queued" };

export const ROW_LIST = { grammar: DISCREPANCY_FILTER, defaultSort: "-last" };
