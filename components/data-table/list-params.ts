import { createLoader, parseAsInteger, parseAsString } from "nuqs/server";
import type { FilterGrammar } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";

export const PAGE_SIZES = [50, 100, 200, 500, 1_000] as const;
const DEFAULT_PAGE_SIZE = 100;

/** The whole state of a list, as it stands in the URL. */
export const listParsers = {
  q: parseAsString.withDefault(""),
  sort: parseAsString.withDefault(""),
  page: parseAsInteger.withDefault(1),
  size: parseAsInteger.withDefault(DEFAULT_PAGE_SIZE),
  /** The scope chosen in the top bar. */
  cluster: parseAsString.withDefault(""),
};

export interface ListParams {
  q: string;
  sort: string;
  page: number;
  size: number;
  cluster: string;
}

export interface ListOptions {
  grammar: FilterGrammar;
  /** Column id, with a leading dash for downwards. */
  defaultSort: string;
}

/** What the procedure is asked for these parameters: the same on the server and in the browser, so that a prefetch is found. */
export function listInputOf(params: ListParams, { grammar, defaultSort }: ListOptions): ListInput {
  const scoped = params.cluster !== "" && grammar.fields.some((field) => field.key === "cluster");
  const size = PAGE_SIZES.find((allowed) => allowed === params.size) ?? DEFAULT_PAGE_SIZE;
  return {
    filter: [scoped ? `cluster:${params.cluster}` : "", params.q].filter((part) => part !== "").join(" "),
    sort: params.sort || defaultSort,
    page: Math.max(1, params.page),
    pageSize: size,
  };
}

const load = createLoader(listParsers);

/** In a page: `readListInput(await searchParams, options)`. */
export function readListInput(
  searchParams: Record<string, string | string[] | undefined>,
  options: ListOptions,
): ListInput {
  return listInputOf(load(searchParams), options);
}
