import type { CanonicalRow } from "./canonical-form.ts";

/** A row as one end shows it now; nothing when it is not there; several under one key are their own finding. */
export type Sighting = readonly CanonicalRow[];

export type DifferenceKind = "missing_in_target" | "missing_in_source" | "value_mismatch";
