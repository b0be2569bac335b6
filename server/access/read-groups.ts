import { groupsInClaims } from "#domain/access/role-mapping.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { OidcProvider } from "#server/oidc/provider.ts";

/** Groups from the ID token, or from userinfo where the provider puts them only there. `refused` if it no longer knows the token. */
export async function readGroups(
  provider: Pick<OidcProvider, "userinfo">,
  claims: Record<string, unknown>,
  accessToken: string | undefined,
  groupsClaim: string,
): Promise<string[] | "refused"> {
  const inToken = groupsInClaims(claims, groupsClaim);
  if (inToken !== undefined || accessToken === undefined) return inToken ?? [];
  const info = await provider.userinfo(accessToken);
  if (info === "refused") return "refused";
  if (claims.sub !== undefined && info.sub !== claims.sub)
    throw new AppError("upstream_contract_broken", "The identity provider answered about somebody else", {
      upstream: "identity provider",
    });
  return groupsInClaims(info, groupsClaim) ?? [];
}
