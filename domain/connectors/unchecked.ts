import { z } from "zod";

/** Something a validation could not look at. */
export const Unchecked = z.object({
  /** Whom it would have asked. */
  upstream: z.string(),
  message: z.string(),
  /** A plan made without it would fail or be made in the dark. */
  blocks: z.boolean(),
});
export type Unchecked = z.infer<typeof Unchecked>;
