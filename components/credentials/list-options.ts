import { CREDENTIAL_FILTER } from "#domain/credentials/list-filter.ts";

/** The page prefetches with the same options the list asks with. */
export const CREDENTIAL_LIST = { grammar: CREDENTIAL_FILTER, defaultSort: "state" };
