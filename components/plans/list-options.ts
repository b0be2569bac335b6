import { PLAN_FILTER, RUN_ITEM_FILTER } from "#domain/plans/filter.ts";

/** The page prefetches with the same options the list asks with. */
export const PLAN_LIST = { grammar: PLAN_FILTER, defaultSort: "-proposed" };

export const RUN_ITEM_LIST = { grammar: RUN_ITEM_FILTER, defaultSort: "position" };
