import { timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Provider } from "oidc-provider";
import { z } from "zod";
import { DemoAccounts, demoPassword } from "./accounts.ts";
import { fileAdapter } from "./file-adapter.ts";
import { loginPage, logoutPage, messagePage } from "./login-page.ts";

/** Everything the provider needs, written by the supervisor; secrets stand in files of their own. */
const Settings = z.object({
  host: z.string().default("127.0.0.1"),
  port: z.number(),
  issuer: z.url(),
  clientId: z.string(),
  clientSecretFile: z.string(),
  cookieSecretFile: z.string(),
  keysFile: z.string(),
  dataFile: z.string(),
  accountsFile: z.string(),
  headgateUrl: z.url(),
});
export type Settings = z.infer<typeof Settings>;

/** Paths of Headgate that the client registration names. */
const headgatePaths = {
  callback: "/api/auth/callback/oidc",
  backchannelLogout: "/api/auth/backchannel-logout",
  afterLogout: "/",
} as const;

const settingsFile = process.argv[2];
if (!settingsFile) throw new Error("usage: server.ts SETTINGS.json");
const settings = Settings.parse(JSON.parse(readFileSync(settingsFile, "utf8")));
/** Read at every use, so that a test or a curious person may change somebody's groups while the lab runs. */
const accounts = () => DemoAccounts.parse(JSON.parse(readFileSync(settings.accountsFile, "utf8")));

const provider = new Provider(settings.issuer, {
  adapter: fileAdapter(settings.dataFile),
  jwks: JSON.parse(readFileSync(settings.keysFile, "utf8")),
  clients: [
    {
      client_id: settings.clientId,
      client_name: "Headgate",
      client_secret: readFileSync(settings.clientSecretFile, "utf8"),
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: [new URL(headgatePaths.callback, settings.headgateUrl).href],
      post_logout_redirect_uris: [new URL(headgatePaths.afterLogout, settings.headgateUrl).href],
      backchannel_logout_uri: new URL(headgatePaths.backchannelLogout, settings.headgateUrl).href,
      backchannel_logout_session_required: true,
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  pkce: { required: () => true },
  scopes: ["openid", "profile", "email", "groups", "offline_access"],
  claims: {
    openid: ["sub"],
    profile: ["name", "preferred_username"],
    email: ["email", "email_verified"],
    groups: ["groups"],
  },
  // Headgate reads the groups from the ID token, without a second call.
  conformIdTokenClaims: false,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = logoutPage(form);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = messagePage("Signed out", "You can close this page.");
      },
    },
  },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  // Nobody is asked for consent: there is one client, and it is ours.
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    if (!client || !session?.accountId) return undefined;
    const known = session.grantIdFor(client.clientId);
    const found = known ? await ctx.oidc.provider.Grant.find(known) : undefined;
    if (found) return found;
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email groups offline_access");
    await grant.save();
    return grant;
  },
  findAccount: (_ctx, id) => {
    const account = accounts().find(({ username }) => username === id);
    return account
      ? {
          accountId: id,
          claims: () => ({
            sub: id,
            name: account.name,
            preferred_username: account.username,
            email: account.email,
            email_verified: true,
            groups: [...account.groups],
          }),
        }
      : undefined;
  },
  cookies: {
    keys: [readFileSync(settings.cookieSecretFile, "utf8")],
    // Cookies know no ports: two labs on one machine must not share names.
    names: {
      session: `lab_${settings.port}_session`,
      interaction: `lab_${settings.port}_interaction`,
      resume: `lab_${settings.port}_resume`,
    },
  },
  ttl: {
    AccessToken: 600,
    IdToken: 3_600,
    Interaction: 3_600,
    RefreshToken: 14 * 86_400,
    Session: 14 * 86_400,
    Grant: 14 * 86_400,
  },
  // The provider's guard against calls to private addresses would block the back-channel to a Headgate on this machine.
  fetch: (url, options) => {
    const { hostname } = new URL(String(url));
    const { dispatcher: _, ...rest } = options as RequestInit & { dispatcher?: unknown };
    return fetch(url, isLoopback(hostname) ? rest : options);
  },
  renderError: (ctx, out) => {
    ctx.type = "html";
    ctx.body = messagePage("That did not work", `${out.error}: ${out.error_description ?? "no details"}`);
  },
});
allowLoopbackRedirects();

provider.on("server_error", (_ctx, error) => console.error("server error", error));
provider.on("backchannel.error", (_ctx, error) =>
  console.error("back-channel logout failed:", error.message),
);
provider.on("authorization.error", (_ctx, error) => console.error("authorization refused:", error.message));
provider.on("grant.error", (_ctx, error) => console.error("token refused:", error.message));

const callback = provider.callback();
createServer((request, response) => {
  const path = new URL(request.url ?? "/", settings.issuer).pathname;
  if (!path.startsWith("/interaction/")) return callback(request, response);
  interaction(request, response).catch((error: Error) => {
    console.error("sign-in failed:", error.message);
    sendPage(response, 400, messagePage("This sign-in has ended", "Go back to Headgate and start again."));
  });
}).listen(settings.port, settings.host, () => console.log(`OIDC provider at ${settings.issuer}`));
process.on("SIGTERM", () => process.exit(0));

async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  const action = `/interaction/${uid}`;
  if (request.method !== "POST") {
    return sendPage(response, 200, loginPage({ action, accounts: accounts() }));
  }
  const form = await readForm(request);
  const chosen = form.get("account") ?? "";
  const account = accounts().find(({ username }) => username === chosen);
  if (!account || !samePassword(form.get("password") ?? "")) {
    const problem = "That account and password do not belong together.";
    return sendPage(response, 401, loginPage({ action, accounts: accounts(), problem, chosen }));
  }
  await provider.interactionFinished(request, response, { login: { accountId: account.username } });
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response
    .writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
    .end(html);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
    if (body.length > 10_000) throw new Error("form too large");
  }
  return new URLSearchParams(body);
}

function samePassword(given: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(demoPassword)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Tests and developers run Headgate on other ports of this machine; the path still has to be the registered one. */
function allowLoopbackRedirects(): void {
  const prototype = provider.Client.prototype;
  const accept = (path: string, registered: (uri: string) => boolean) =>
    function isAllowed(this: object, uri: string): boolean {
      if (registered.call(this, uri)) return true;
      const { protocol, hostname, pathname } = new URL(uri);
      return protocol === "http:" && isLoopback(hostname) && pathname === path;
    };
  prototype.redirectUriAllowed = accept(headgatePaths.callback, prototype.redirectUriAllowed);
  prototype.postLogoutRedirectUriAllowed = accept(
    headgatePaths.afterLogout,
    prototype.postLogoutRedirectUriAllowed,
  );
}

function isLoopback(hostname: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
