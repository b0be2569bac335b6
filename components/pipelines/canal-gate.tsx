import { cn } from "#components/ui/cn.ts";
import type { GateLane } from "#domain/pipelines/gate-view.ts";

const SHAPE: Record<GateLane["gate"], { path: string; colour: string } | undefined> = {
  // Two posts and the gate drawn up between them.
  open: { path: "M4 3v18M16 3v18M4 5h12", colour: "text-muted-foreground" },
  // The gate is down.
  closed: { path: "M4 3v18M16 3v18M4 5h12M7 8v12M10 8v12M13 8v12", colour: "text-held" },
  // A post is broken and nothing passes.
  broken: { path: "M4 3v18M16 3l-3 7 5 3-4 8M6 8l7 9M13 8l-7 9", colour: "text-failed" },
  none: undefined,
};

/** The gate at the end of a lane: open, closed on purpose, or broken. Its words stand beside it. */
export function CanalGate({ gate, className }: { gate: GateLane["gate"]; className?: string }) {
  const shape = SHAPE[gate];
  if (!shape) return null;
  return (
    <svg viewBox="0 0 20 24" aria-hidden className={cn("h-6 w-5", shape.colour, className)}>
      <path
        d={shape.path}
        fill="none"
        stroke="currentColor"
        strokeWidth={gate === "open" ? 1.5 : 2}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
