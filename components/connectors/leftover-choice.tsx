import { Checkbox } from "#components/ui/checkbox.tsx";
import { LEFTOVER_NAME, type Leftover } from "#domain/connectors/leftovers.ts";

export interface LeftoverChoiceProps {
  leftover: Leftover;
  isRemoved: boolean;
  onToggle: () => void;
}

export function LeftoverChoice({ leftover, isRemoved, onToggle }: LeftoverChoiceProps) {
  const { id, kind, name, keeping, removing, neededBy, statement } = leftover;
  const isNeeded = neededBy.length > 0;
  const describedBy = `leftover-${id}`;
  return (
    <li className="flex gap-2.5 px-3 py-2">
      <Checkbox
        id={`choose-${id}`}
        checked={isRemoved}
        disabled={isNeeded}
        onChange={onToggle}
        aria-describedby={describedBy}
        className="mt-0.5"
      />
      <div className="min-w-0">
        <label htmlFor={`choose-${id}`} className="break-all">
          Remove: {LEFTOVER_NAME[kind]} <code>{name}</code>
        </label>
        <p id={describedBy} className="text-meta text-muted-foreground">
          {isNeeded
            ? `Stays: ${neededBy.join(", ")} still ${neededBy.length === 1 ? "needs" : "need"} it.`
            : isRemoved
              ? removing
              : `Stays. ${keeping}`}
          {kind === "publication" && isRemoved && statement && (
            <>
              {" "}
              Headgate has no credential for that; run <code className="break-all">{statement}</code> on the
              source.
            </>
          )}
        </p>
      </div>
    </li>
  );
}
