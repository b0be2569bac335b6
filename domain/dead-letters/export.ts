import { z } from "zod";
import { Selection } from "./schema.ts";

/** Raw bytes are read from Kafka one by one, so an export with them takes at most so many records. */
export const MOST_WITH_PAYLOAD = 50_000;

const Numbers = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
  )
  .pipe(z.array(z.number().int().positive()));

/** The export form: what is selected, as form fields. */
export const ExportRecordsForm = z
  .object({
    format: z.enum(["csv", "jsonl"]),
    filter: z.string().max(2_000).default(""),
    /** Chosen one by one, comma separated; else everything the filter finds. */
    ids: Numbers.optional(),
    groups: Numbers.optional(),
    /** The newest record of the list that was seen. */
    upTo: z.preprocess(
      (value) => (value === "" ? undefined : value),
      z.coerce.number().int().positive().optional(),
    ),
    /** With the raw bytes as base64, for those who may reveal payload. */
    payload: z.enum(["no", "yes"]).default("no"),
  })
  .transform(({ format, payload, ids, filter, groups, upTo }) => ({
    format,
    payload: payload === "yes",
    selection: ids?.length
      ? { ids }
      : { filter, ...(groups?.length ? { groups } : {}), ...(upTo === undefined ? {} : { upTo }) },
  }))
  .pipe(z.object({ format: z.enum(["csv", "jsonl"]), payload: z.boolean(), selection: Selection }));
export type ExportRecordsInput = z.infer<typeof ExportRecordsForm>;
