import { CodeBlock } from "#components/ui/code-block.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";

const EXAMPLE = `clusters:
  - name: prod
    kafka:
      brokers: [kafka-1.example.com:9092]
    connect:
      url: http://connect.example.com:8083
    registry:
      url: http://registry.example.com:8081
    vault:
      address: https://vault.example.com:8200
      roleId: 00000000-0000-0000-0000-000000000000
      secretIdFile: /run/secrets/headgate-secret-id
`;

/** Clusters are the operator's configuration, so the console shows how instead of offering a form. */
export function AddCluster() {
  return (
    <Section
      title="Add the first cluster"
      description="Headgate has no Kafka Connect cluster to look at yet."
    >
      <ol className="flex max-w-[80ch] list-decimal flex-col gap-3 pl-5 text-table">
        <li>
          <p className="mb-2">
            Write <Mono>headgate.yaml</Mono> next to where Headgate starts, or point{" "}
            <Mono>HEADGATE_CONFIG</Mono> at it. Registry and Vault are optional.
          </p>
          <CodeBlock code={EXAMPLE} label="headgate.yaml" />
        </li>
        <li>
          Or set <Mono>KAFKA_BROKERS</Mono> and <Mono>CONNECT_URL</Mono> in the environment for a single
          cluster.
        </li>
        <li>
          Restart Headgate. Connectors that already run there are listed within seconds; nothing is changed on
          the cluster.
        </li>
      </ol>
    </Section>
  );
}
