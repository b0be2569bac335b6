import { CONNECTOR_FILTER } from "#domain/connectors/list-filter.ts";

/** The page prefetches with the same options the list asks with. */
export const CONNECTOR_LIST = { grammar: CONNECTOR_FILTER, defaultSort: "state" };
