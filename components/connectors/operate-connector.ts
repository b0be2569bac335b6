import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "#server/api/root.ts";
import type { BulkAction } from "./bulk-words.ts";

/** One connector by its own procedure: a refusal arrives with its code and the name of who refused. */
export function operateConnector(
  { connectors }: TRPCClient<AppRouter>,
  action: BulkAction,
  ref: { cluster: string; name: string },
): Promise<void> {
  switch (action) {
    case "pause":
      return connectors.pause.mutate(ref);
    case "resume":
      return connectors.resume.mutate(ref);
    case "stop":
      return connectors.stop.mutate(ref);
    case "restart-failed":
      return connectors.restart.mutate({ ...ref, scope: "failed" });
    case "restart-all":
      return connectors.restart.mutate({ ...ref, scope: "all" });
  }
}
