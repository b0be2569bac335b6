import { PIPELINE_FILTER, TABLE_FILTER } from "#domain/pipelines/list-filter.ts";

/** The pages prefetch with the same options the lists ask with. */
export const PIPELINE_LIST = { grammar: PIPELINE_FILTER, defaultSort: "state" };
export const TABLE_LIST = { grammar: TABLE_FILTER, defaultSort: "state" };
