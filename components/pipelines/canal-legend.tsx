import { CanalGate } from "./canal-gate.tsx";

/** What the marks mean, for the first look. */
export function CanalLegend() {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 pt-2 text-meta text-muted-foreground">
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="size-2.5 rotate-45 rounded-[2px] border-2 border-series-1" /> newest
        captured
      </span>
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="size-2 rounded-full bg-foreground" /> newest delivered
      </span>
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="h-1.5 w-5 rounded-full bg-series-1" /> delivered; wider is more events
        per second
      </span>
      {(["open", "closed", "broken"] as const).map((gate) => (
        <span key={gate} className="flex items-center gap-1">
          <CanalGate gate={gate} className="h-4" /> {gate} gate
        </span>
      ))}
    </p>
  );
}
