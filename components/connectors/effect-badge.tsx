import { Badge } from "#components/ui/badge.tsx";
import type { Effect } from "#domain/connectors/effects.ts";

const LOOK = { hot: "outline", restart: "outline", resnapshot: "warning", irreversible: "danger" } as const;
const WORD = {
  hot: "hot",
  restart: "restart",
  resnapshot: "re-snapshot",
  irreversible: "irreversible",
} as const;

/** What changing a key costs, in a word; the sentence is on hover and for screen readers. */
export function EffectBadge({ effect }: { effect: Effect }) {
  return (
    <span title={effect.consequence}>
      <Badge variant={LOOK[effect.effect]}>{WORD[effect.effect]}</Badge>
      <span className="sr-only">: {effect.consequence}</span>
    </span>
  );
}
