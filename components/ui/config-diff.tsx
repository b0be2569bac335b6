import { cn } from "./cn.ts";
import { DottedKey } from "./dotted-key.tsx";

export interface ConfigChange {
  key: string;
  /** undefined: the key is not there. Values are already redacted. */
  before: string | undefined;
  after: string | undefined;
  /** What changing it costs, why it is there: shown below the key. */
  note?: string | undefined;
}

const SIGN = { added: "+", removed: "−", changed: "~" } as const;
const TONE = { added: "text-healthy", removed: "text-failed", changed: "text-degraded" } as const;

function kindOf(change: ConfigChange): keyof typeof SIGN {
  if (change.before === undefined) return "added";
  return change.after === undefined ? "removed" : "changed";
}

export interface ConfigDiffProps {
  changes: readonly ConfigChange[];
  label: string;
  beforeLabel?: string;
  afterLabel?: string;
  className?: string;
}

/** Key by key, before beside after. */
export function ConfigDiff({
  changes,
  label,
  beforeLabel = "Now",
  afterLabel = "After",
  className,
}: ConfigDiffProps) {
  if (changes.length === 0) return <p className="text-muted-foreground text-table">Nothing differs.</p>;
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      className={cn("relative overflow-x-auto rounded-md border", className)}
    >
      <table className="w-full min-w-[560px] border-collapse text-left text-meta">
        <caption className="sr-only">{label}</caption>
        <thead className="bg-muted text-muted-foreground">
          <tr>
            <th scope="col" className="w-[34%] px-3 py-1.5 font-medium">
              Key
            </th>
            <th scope="col" className="w-[33%] px-3 py-1.5 font-medium">
              {beforeLabel}
            </th>
            <th scope="col" className="w-[33%] px-3 py-1.5 font-medium">
              {afterLabel}
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <ChangeRow key={change.key} change={change} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ChangeRow({ change }: { change: ConfigChange }) {
  const kind = kindOf(change);
  return (
    <tr className="border-t align-top">
      <th scope="row" className="px-3 py-1.5 font-normal">
        <span className={cn("mr-1.5 inline-block w-2 font-bold font-mono", TONE[kind])} aria-hidden>
          {SIGN[kind]}
        </span>
        <span className="sr-only">{kind}: </span>
        <DottedKey>{change.key}</DottedKey>
        {change.note && <p className="pl-3.5 text-muted-foreground">{change.note}</p>}
      </th>
      <td className={cn("px-3 py-1.5", change.before !== undefined && "bg-failed-soft/60")}>
        <Value value={change.before} />
      </td>
      <td className={cn("px-3 py-1.5", change.after !== undefined && "bg-healthy-soft/60")}>
        <Value value={change.after} />
      </td>
    </tr>
  );
}

function Value({ value }: { value: string | undefined }) {
  if (value === undefined) return <span className="text-muted-foreground">not set</span>;
  if (value === "") return <span className="text-muted-foreground">empty</span>;
  return <code className="break-all">{value}</code>;
}
