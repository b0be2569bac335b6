import { Button } from "#components/ui/button.tsx";
import { Mono } from "#components/ui/mono.tsx";

export interface NoRolePanelProps {
  name: string;
  /** Whom to ask, where the operator of this console said so. */
  contact: string | undefined;
}

/** Signed in, but in no group that means anything here. */
export function NoRolePanel({ name, contact }: NoRolePanelProps) {
  return (
    <>
      <h1 className="font-semibold text-title">Your account has no role here yet</h1>
      <p>
        You are signed in as <strong>{name}</strong>, but none of your groups at the identity provider has a
        role in Headgate. So there is nothing you could see or do.
      </p>
      <p>
        {contact ? (
          <>
            Ask <Mono className="break-all">{contact}</Mono> for access.
          </>
        ) : (
          <>Ask whoever runs this Headgate, or manages your groups at the identity provider, for access.</>
        )}{" "}
        Your groups are read again every few minutes: once you have one with a role, reload this page.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button asChild variant="primary">
          <a href="/no-role">Look again</a>
        </Button>
        <form method="post" action="/api/auth/sign-out">
          <Button type="submit">Sign out</Button>
        </form>
      </div>
    </>
  );
}
