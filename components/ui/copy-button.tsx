"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button.tsx";
import { copyText } from "./copy-text.ts";

export interface CopyButtonProps {
  /** What lands on the clipboard. */
  value: string;
  /** What is copied, in words: "connector name". */
  what: string;
  className?: string;
}

export function CopyButton({ value, what, className }: CopyButtonProps) {
  const [copied, setCopied] = useState<"idle" | "copied" | "refused">("idle");
  const copy = async () => {
    setCopied((await copyText(value)) ? "copied" : "refused");
    setTimeout(() => setCopied("idle"), 2_000);
  };
  return (
    <Button
      variant="ghost"
      size="sm"
      className={className ?? "size-6 p-0"}
      aria-label={`Copy ${what}`}
      title={copied === "refused" ? "The browser refused the clipboard" : `Copy ${what}`}
      onClick={() => void copy()}
    >
      {copied === "copied" ? <Check aria-hidden className="text-healthy" /> : <Copy aria-hidden />}
      <span role="status" className="sr-only">
        {copied === "copied" ? "Copied" : copied === "refused" ? "The browser refused the clipboard" : ""}
      </span>
    </Button>
  );
}
