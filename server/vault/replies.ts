import { z } from "zod";

/** `sys/health`, whatever its status code: sealed answers 503, standby 429, not initialised 501. */
export const HealthReply = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
  standby: z.boolean(),
  version: z.string().default("unknown"),
});

export const LoginReply = z.object({
  auth: z.object({ client_token: z.string().min(1), lease_duration: z.number() }),
});

const Time = z
  .string()
  .transform((text) => (text === "" ? undefined : new Date(text)))
  .refine((time) => time === undefined || !Number.isNaN(time.getTime()), "not a time");

const VersionMetadata = z.object({
  created_time: Time,
  deletion_time: Time,
  destroyed: z.boolean(),
  version: z.number().int(),
});

/** Leaves are null, maps stay maps; a deleted or destroyed version has no subkeys and answers 404. */
export const SubkeysReply = z.object({
  data: z.object({ metadata: VersionMetadata, subkeys: z.record(z.string(), z.unknown()).nullable() }),
});

export const MetadataReply = z.object({
  data: z.object({ current_version: z.number().int(), updated_time: Time }),
});

export const MountReply = z.object({
  data: z.object({ type: z.string(), options: z.object({ version: z.string().optional() }).nullish() }),
});

/** OpenBao and Vault repeat the map at the top and under `data`; the latter holds nothing else. */
export const CapabilitiesReply = z.object({ data: z.record(z.string(), z.unknown()) });

export const SecretReply = z.object({
  data: z.object({
    data: z.record(z.string(), z.unknown()),
    metadata: z.object({ version: z.number().int() }),
  }),
});
