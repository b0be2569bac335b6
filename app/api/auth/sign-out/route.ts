import { handleSignOut } from "#server/api/auth/routes.ts";

export const dynamic = "force-dynamic";

export { handleSignOut as POST };
