"use client";

import { explainError } from "#components/shell/describe-error.ts";
import { StateMessage } from "#components/ui/state-message.tsx";

export default function ConsoleError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  const words = explainError(error);
  return (
    <StateMessage kind="failed" title={words.title} upstream={words.upstream} onRetry={retry}>
      <p>{words.message}</p>
      {words.next && <p>{words.next}</p>}
      {error.digest && <p>Reference {error.digest}</p>}
    </StateMessage>
  );
}
