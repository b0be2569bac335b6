import type { ListOptions } from "#components/data-table/list-params.ts";
import { AUDIT_FILTER } from "#domain/audit/list-filter.ts";

/** The same for the page's prefetch and the screen. Newest first is the trail's only order. */
export const AUDIT_LIST: ListOptions = { grammar: AUDIT_FILTER, defaultSort: "" };
