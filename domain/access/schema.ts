import { z } from "zod";

export const SessionId = z.object({ id: z.uuid() });
export type SessionId = z.infer<typeof SessionId>;
