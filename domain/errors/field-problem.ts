import type { z } from "zod";

/** Why a field cannot be sent as it is, in its schema's own words; undefined where it can. */
export function fieldProblem(schema: z.ZodType, value: unknown): string | undefined {
  const { success, error } = schema.safeParse(value);
  return success ? undefined : (error.issues[0]?.message ?? "This cannot be sent as it is");
}
