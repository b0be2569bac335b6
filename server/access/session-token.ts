import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";

/** 256 bits that only the person's browser keeps. */
export function newSessionToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What the database keeps of it. */
export function hashSessionToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

const ProviderTokens = z.object({
  /** Says at the provider who signs out. */
  idToken: z.string().optional(),
  /** Lets the groups be read again. */
  refreshToken: z.string().optional(),
});
export type ProviderTokens = z.infer<typeof ProviderTokens>;

interface SealKey {
  /** From the secret file. */
  secret: string;
  /** From the person's cookie. */
  sessionToken: string;
  sessionId: string;
}

/**
 * AES-256-GCM under a key made of the secret file and the session's cookie: neither a copy of the database nor the
 * server alone can open it, only a request that carries the cookie.
 */
export function sealTokens(tokens: ProviderTokens, key: SealKey): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", derive(key), iv).setAAD(Buffer.from(key.sessionId));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(tokens), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
}

/** Undefined when the secret was replaced since: the session goes on, its groups cannot be read again. */
export function openTokens(sealed: string, key: SealKey): ProviderTokens | undefined {
  const bytes = Buffer.from(sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", derive(key), bytes.subarray(0, 12))
      .setAAD(Buffer.from(key.sessionId))
      .setAuthTag(bytes.subarray(12, 28));
    const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    return ProviderTokens.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function derive({ secret, sessionToken }: SealKey): Buffer {
  return Buffer.from(hkdfSync("sha256", sessionToken, secret, "headgate session tokens", 32));
}
