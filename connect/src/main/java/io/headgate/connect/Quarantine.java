package io.headgate.connect;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Sets single records of a sink aside: it fails for the listed positions, so that Connect itself writes the raw record
 * with its error headers to the connector's dead-letter topic, and hands every other record on untouched.
 */
public class Quarantine<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {
    static final String RECORDS = "records";
    static final String REASON = "reason";

    private static final ConfigDef CONFIG = new ConfigDef()
        .define(RECORDS, ConfigDef.Type.LIST, "", ConfigDef.LambdaValidator.with(Quarantine::validate, () ->
            "list of topic-partition@offset"), ConfigDef.Importance.HIGH,
            "Records to set aside, as a comma-separated list of topic-partition@offset, by their position in Kafka"
                + " before any transform. Empty sets nothing aside.")
        .define(REASON, ConfigDef.Type.STRING, "", ConfigDef.Importance.LOW,
            "Why these records are set aside. Becomes part of the error message in the dead-letter headers.");

    private Map<String, Map<Integer, Set<Long>>> offsets = Map.of();
    private String suffix = "";

    @Override
    public void configure(Map<String, ?> configs) {
        Map<String, Object> config = CONFIG.parse(configs);
        Map<String, Map<Integer, Set<Long>>> listed = new HashMap<>();
        for (Object entry : (List<?>) config.get(RECORDS)) {
            RecordPosition position = RecordPosition.parse((String) entry);
            listed.computeIfAbsent(position.topic, topic -> new HashMap<>())
                .computeIfAbsent(position.partition, partition -> new HashSet<>())
                .add(position.offset);
        }
        offsets = listed;
        String reason = (String) config.get(REASON);
        suffix = reason.isBlank() ? "" : ": " + reason.strip();
    }

    // A record of a source connector has no position yet, so it never matches. Failing there would drop data,
    // because a source has no dead-letter topic.
    @Override
    public R apply(R record) {
        if (!offsets.isEmpty() && record instanceof SinkRecord && isListed((SinkRecord) record)) {
            SinkRecord sunk = (SinkRecord) record;
            throw new DataException("Quarantined by Headgate: " + sunk.originalTopic() + "-"
                + sunk.originalKafkaPartition() + "@" + sunk.originalKafkaOffset() + suffix);
        }
        return record;
    }

    private boolean isListed(SinkRecord record) {
        Map<Integer, Set<Long>> partitions = offsets.get(record.originalTopic());
        Set<Long> listed = partitions == null ? null : partitions.get(record.originalKafkaPartition());
        return listed != null && listed.contains(record.originalKafkaOffset());
    }

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public String version() {
        String version = Quarantine.class.getPackage().getImplementationVersion();
        return version == null ? "undefined" : version;
    }

    @Override
    public void close() {
    }

    private static void validate(String name, Object value) {
        for (Object entry : (List<?>) value) {
            try {
                RecordPosition.parse((String) entry);
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, entry, e.getMessage());
            }
        }
    }
}
