"use client";

/** When not even the root layout could be drawn: no styles, no providers, just the facts. */
export default function GlobalError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Headgate could not draw this page</h1>
          <p>Pipelines keep running without it. The log of the web process has the detail.</p>
          {error.digest && <p>Reference {error.digest}</p>}
          <button type="button" onClick={() => retry()}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
