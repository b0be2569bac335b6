import { handleBackchannelLogout } from "#server/api/auth/routes.ts";

export const dynamic = "force-dynamic";

export { handleBackchannelLogout as POST };
