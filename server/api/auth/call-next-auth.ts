import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth, { type AuthOptions } from "next-auth";

interface AuthCall {
  /** `["signin", "oidc"]`, `["callback", "oidc"]`, `["csrf"]`. */
  action: string[];
  method: "GET" | "POST";
  cookies: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, string>;
}

export interface AuthReply {
  location: string | undefined;
  setCookies: string[];
  body: unknown;
}

/**
 * One call of next-auth's handler with plain values, so that it runs wherever Node does and not only inside a route. The
 * two casts are the only ones: next-auth reads these few members of the request and calls these few of the response.
 */
export async function callNextAuth(
  consoleUrl: string,
  options: AuthOptions,
  call: AuthCall,
): Promise<AuthReply> {
  // biome-ignore lint/style/noProcessEnv: next-auth 4 takes its public address from this variable and from nowhere else.
  process.env.NEXTAUTH_URL = consoleUrl;
  const reply: AuthReply = { location: undefined, setCookies: [], body: undefined };
  const request = {
    method: call.method,
    query: { ...call.query, nextauth: call.action },
    body: call.body ?? {},
    cookies: call.cookies,
    headers: {},
  } as unknown as NextApiRequest;
  const response = {
    status: () => response,
    getHeader: (name: string) => (name.toLowerCase() === "set-cookie" ? reply.setCookies : undefined),
    setHeader(name: string, value: string | string[]) {
      if (name.toLowerCase() === "set-cookie") reply.setCookies = [value].flat();
      if (name.toLowerCase() === "location") reply.location = String(value);
      return response;
    },
    json: (body: unknown) => {
      reply.body = body;
    },
    send: (body: unknown) => {
      reply.body = body;
    },
    end: () => undefined,
  } as unknown as NextApiResponse;
  await handlerOf(NextAuth)(request, response, options);
  return reply;
}

/** next-auth is CommonJS: Node hands over its module object, bundlers the function in it. */
function handlerOf(imported: typeof NextAuth | { default: typeof NextAuth }): typeof NextAuth {
  return typeof imported === "function" ? imported : imported.default;
}
