import { Button } from "#components/ui/button.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { SignInState } from "#server/api/auth/sign-in-state.ts";
import { signInProblemWords } from "./sign-in-problem-words.ts";

export interface SignInPanelProps {
  state: SignInState;
  /** Why the last attempt did not work. */
  problem: string | undefined;
  returnTo: string;
  signedOut: boolean;
}

export function SignInPanel({ state, problem, returnTo, signedOut }: SignInPanelProps) {
  if (state.state === "not_configured") return <NotConfigured missing={state.missing} />;
  const words = signInProblemWords(problem, state.providerName);
  const isDown = state.state === "provider_down";
  return (
    <>
      <h1 className="font-semibold text-title">Sign in</h1>
      {isDown && (
        <StateMessage
          kind="failed"
          look="banner"
          title="The identity provider does not answer, so nobody can sign in now."
        >
          <p className="break-words">{state.message}.</p>
          <p>Whoever is signed in already keeps working. Try again once the provider is back.</p>
        </StateMessage>
      )}
      {words && !(isDown && problem === "provider_down") && (
        <StateMessage kind="failed" look="banner" title={words.title}>
          <p>{words.next}</p>
        </StateMessage>
      )}
      {signedOut && !words && <p role="status">You are signed out.</p>}
      <p className="text-muted-foreground">
        Headgate has no passwords of its own: {state.providerName} says who you are, and your groups there
        decide what you may do here.
      </p>
      <form method="post" action="/api/auth/signin/oidc">
        <input type="hidden" name="returnTo" value={returnTo} />
        <Button type="submit" variant="primary" size="lg" className="w-full">
          {isDown ? "Try to sign in again" : `Sign in with ${state.providerName}`}
        </Button>
      </form>
      {returnTo !== "/" && (
        <p className="text-meta text-muted-foreground">
          Afterwards you go on to <Mono className="break-all">{returnTo}</Mono>
        </p>
      )}
    </>
  );
}

function NotConfigured({ missing }: { missing: readonly string[] }) {
  return (
    <>
      <h1 className="font-semibold text-title">Sign-in is not set up yet</h1>
      <p>
        Headgate lets nobody in until it knows an OpenID Connect provider. Set{" "}
        {missing.map((key, index) => (
          <span key={key}>
            {index > 0 && " and "}
            <Mono>{key}</Mono>
          </span>
        ))}{" "}
        and start it again.
      </p>
      <ul className="flex list-disc flex-col gap-2 pl-5 text-table">
        <li>
          <Mono>OIDC_ISSUER</Mono>: the provider's address, such as{" "}
          <Mono>https://id.example.com/realms/main</Mono>
        </li>
        <li>
          <Mono>OIDC_CLIENT_ID</Mono>: the name Headgate is registered with there
        </li>
        <li>
          <Mono>OIDC_CLIENT_SECRET_FILE</Mono>: a file with the client's secret; not for public clients
        </li>
        <li>
          <Mono>OIDC_ROLE_MAPPING</Mono>: which group has which role
        </li>
      </ul>
      <p className="text-muted-foreground text-table">
        Register <Mono>/api/auth/callback/oidc</Mono> under Headgate's address as the redirect URI.
      </p>
    </>
  );
}
