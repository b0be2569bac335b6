import { handleSignIn } from "#server/api/auth/routes.ts";

export const dynamic = "force-dynamic";

async function handle(
  request: Request,
  { params }: RouteContext<"/api/auth/[...nextauth]">,
): Promise<Response> {
  return handleSignIn(request, (await params).nextauth);
}

export { handle as GET, handle as POST };
