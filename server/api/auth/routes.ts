import "server-only";
import { backchannelLogout } from "./backchannel-logout.ts";
import { PROVIDER_ID } from "./next-auth-options.ts";
import { finishSignIn, startSignIn } from "./sign-in.ts";
import { readSignInState, type SignInState } from "./sign-in-state.ts";
import { signOut } from "./sign-out.ts";
import { missingSignInKeys, webAuth } from "./web-auth.ts";

/** `POST /api/auth/signin/oidc` and `GET /api/auth/callback/oidc`; next-auth's other addresses stay closed. */
export function handleSignIn(request: Request, path: readonly string[]): Promise<Response> {
  const [action, provider, ...rest] = path;
  const isKnown = provider === PROVIDER_ID && rest.length === 0;
  if (isKnown && action === "signin" && request.method === "POST") return startSignIn(webAuth(), request);
  if (isKnown && action === "callback" && request.method === "GET") return finishSignIn(webAuth(), request);
  return Promise.resolve(new Response("Not found", { status: 404 }));
}

export function handleSignOut(request: Request): Promise<Response> {
  return signOut(webAuth(), request);
}

export function handleBackchannelLogout(request: Request): Promise<Response> {
  return backchannelLogout(webAuth(), request);
}

export function signInState(): Promise<SignInState> {
  return readSignInState(webAuth(), missingSignInKeys());
}

/** Whom people without a role should ask. */
export function accessContact(): string | undefined {
  return webAuth().env.HEADGATE_ACCESS_CONTACT;
}
