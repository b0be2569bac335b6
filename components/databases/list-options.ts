import { DATABASE_FILTER } from "#domain/databases/list-filter.ts";

/** The page prefetches with the same options the list asks with. */
export const DATABASE_LIST = { grammar: DATABASE_FILTER, defaultSort: "name" };
