import { z } from "zod";

export const DeadLetterParams = z.object({ id: z.coerce.number().int().positive() });
