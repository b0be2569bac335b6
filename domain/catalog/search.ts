import { z } from "zod";

export const CatalogSearch = z.object({ text: z.string().trim().max(200) });
export type CatalogSearch = z.infer<typeof CatalogSearch>;

/** Something with a name and a page of its own. */
export type CatalogHit =
  | { kind: "pipeline"; cluster: string; source: string }
  | { kind: "table"; cluster: string; source: string; table: string }
  | { kind: "connector"; cluster: string; name: string; type: "source" | "sink" | "unknown" }
  | { kind: "database"; id: string; name: string; engine: string };
