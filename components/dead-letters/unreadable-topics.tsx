import { StateMessage } from "#components/ui/state-message.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { Summary } from "./dead-letter-outputs.ts";

/** Dead letters that cannot be seen are not "none". */
export function UnreadableTopics({ topics }: { topics: Summary["topics"]["unreadable"] }) {
  if (topics.length === 0) return null;
  return (
    <StateMessage
      kind="partial"
      look="banner"
      title={`${formatCounted(topics.length, "dead-letter topic")} cannot be read; records in ${topics.length === 1 ? "it" : "them"} are missing here.`}
    >
      <ul>
        {topics.map(({ cluster, topic, problem }) => (
          <li key={`${cluster}/${topic}`} className="break-words">
            <span className="font-mono">{topic}</span> of {cluster}: {problem}
          </li>
        ))}
      </ul>
    </StateMessage>
  );
}
