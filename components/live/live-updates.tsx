"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { reportChannel, reportContact } from "#components/shell/live-status.ts";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { changedBy, createRereads, EVERYTHING } from "./rereads.ts";

/** While the push connection is down, everything on the screen is asked for this often. */
const POLL_MS = 10_000;
const REREAD_MS = 1_000;
/** Browsers allow six connections per HTTP/1.1 host: tabs nobody looks at must not hold them all. */
const HIDDEN_MS = 20_000;

/** Follows what changes on the server and reads again what is on the screen. Renders nothing. */
export function LiveUpdates() {
  const client = useTRPCClient();
  const queries = useQueryClient();
  useEffect(() => {
    const rereads = createRereads((subject) => queries.invalidateQueries(changedBy(subject)), REREAD_MS);
    let subscription: { unsubscribe: () => void } | undefined;
    let isOpen = false;
    let closing: ReturnType<typeof setTimeout> | undefined;

    const lost = () => {
      isOpen = false;
      reportChannel("polling");
    };
    const found = () => {
      isOpen = true;
      reportChannel("open");
    };
    /** An answer such as 502 ends a stream for good, so it is opened anew with the next poll. */
    const ended = () => {
      subscription = undefined;
      lost();
    };
    const open = () => {
      subscription ??= client.live.changes.subscribe(undefined, {
        onStarted: found,
        onConnectionStateChange: ({ state }) => {
          if (state === "connecting" && isOpen) lost();
        },
        onError: ended,
        onStopped: ended,
        onData: (message) => {
          if (message.kind === "lost") return lost();
          if (message.kind === "reread") {
            found();
            rereads.ask(EVERYTHING);
          }
          // A heartbeat says that the web process is there, which is not enough while it is cut off itself.
          if (isOpen) reportContact();
          if (message.kind === "changed") for (const { subject } of message.changes) rereads.ask(subject);
        },
      });
    };
    const close = () => {
      const ending = subscription;
      subscription = undefined;
      isOpen = false;
      ending?.unsubscribe();
    };
    const leave = () => {
      close();
      reportChannel("connecting");
    };
    const onVisibility = () => {
      clearTimeout(closing);
      if (document.hidden) closing = setTimeout(leave, HIDDEN_MS);
      // A new stream begins with "read again", so nothing that changed meanwhile is missed.
      else open();
    };
    const poll = setInterval(() => {
      if (isOpen || document.hidden) return;
      reportChannel("polling");
      rereads.ask(EVERYTHING);
      open();
    }, POLL_MS);

    open();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      clearInterval(poll);
      clearTimeout(closing);
      document.removeEventListener("visibilitychange", onVisibility);
      rereads.stop();
      close();
    };
  }, [client, queries]);
  return null;
}
