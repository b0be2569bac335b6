"use client";

import { useQuery } from "@tanstack/react-query";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";

export interface ValidationInput {
  cluster: string;
  name: string;
  config: Record<string, string>;
  exists: boolean;
}

/** Validates whenever what it is given changes; it dials the database, so it is asked for on purpose (`enabled`). */
export function useValidation(input: ValidationInput, enabled: boolean) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useQuery({
    queryKey: [...trpc.connectors.validate.mutationKey(), input],
    queryFn: () => client.connectors.validate.mutate(input),
    enabled,
    meta: ASKS_OUTSIDE,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
}
