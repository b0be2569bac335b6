import { z } from "zod";

/** What every list procedure takes; the data table keeps exactly this in the URL. */
export const ListInput = z.object({
  /** In the list's filter grammar. PostgreSQL's text holds no NUL, so nothing can match one. */
  filter: z
    .string()
    .max(1_000)
    .transform((text) => text.replaceAll("\u0000", ""))
    .default(""),
  /** Column id; a leading dash sorts downwards. Empty: the list's own order. */
  sort: z.string().max(80).default(""),
  page: z.number().int().min(1).max(1_000_000).default(1),
  pageSize: z.number().int().min(1).max(1_000).default(100),
});
export type ListInput = z.infer<typeof ListInput>;
