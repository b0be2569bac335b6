"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { FilterGrammar } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import { type ListOptions, listInputOf, listParsers } from "./list-params.ts";

export interface ListState {
  /** Give this to the list's procedure. */
  input: ListInput;
  grammar: FilterGrammar;
  /** The filter as typed, without the cluster scope. */
  filter: string;
  setFilter: (filter: string) => void;
  /** Takes away whatever narrows the list, the cluster scope too. */
  clear: () => void;
  setSort: (sort: string) => void;
  setPage: (page: number) => void;
  setPageSize: (size: number) => void;
}

/** Filter, sort and page of a list, kept in the URL and nowhere else. */
export function useListState({ grammar, defaultSort }: ListOptions): ListState {
  const [params, setParams] = useQueryStates(listParsers, { history: "replace", clearOnDefault: true });
  return useMemo(
    () => ({
      input: listInputOf(params, { grammar, defaultSort }),
      grammar,
      filter: params.q,
      setFilter: (q) => void setParams({ q, page: null }),
      clear: () => void setParams({ q: null, cluster: null, page: null }),
      setSort: (sort) => void setParams({ sort: sort === defaultSort ? null : sort, page: null }),
      setPage: (page) => void setParams({ page }, { history: "push", scroll: false }),
      setPageSize: (size) => void setParams({ size, page: null }),
    }),
    [params, setParams, grammar, defaultSort],
  );
}
