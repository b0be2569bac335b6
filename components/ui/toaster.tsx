"use client";

import { useTheme } from "next-themes";
import { useEffect } from "react";
import { Toaster as Sonner, toast as sonner } from "sonner";
import { showToastsWith } from "./toast.ts";

/** Loaded with the first message; see LazyToaster. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  useEffect(() => {
    showToastsWith(({ kind, title, description, action }) => {
      sonner[kind](title, {
        description,
        ...(action ? { action } : {}),
        duration: kind === "error" ? Number.POSITIVE_INFINITY : 6_000,
      });
    });
  }, []);
  return (
    <Sonner
      theme={resolvedTheme === "light" ? "light" : "dark"}
      position="bottom-right"
      closeButton
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-start gap-2 rounded-md border bg-popover p-3 text-popover-foreground text-table shadow-overlay sm:w-[356px]",
          title: "font-medium",
          description: "text-muted-foreground",
          icon: "mt-0.5 shrink-0",
          content: "min-w-0 flex-1",
          actionButton: "shrink-0 rounded-sm border px-2 py-0.5 text-meta font-medium hover:bg-accent",
          closeButton:
            "order-last shrink-0 rounded-sm p-0.5 text-muted-foreground hover:bg-accent hover:text-foreground [&_svg]:size-3.5",
          success: "[&_[data-icon]]:text-healthy",
          error: "[&_[data-icon]]:text-failed",
          info: "[&_[data-icon]]:text-working",
        },
      }}
    />
  );
}
