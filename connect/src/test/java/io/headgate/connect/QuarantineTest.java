package io.headgate.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarantineTest {
    @Test
    void failsForAListedRecordAndNamesItsPosition() {
        Transformation<SinkRecord> quarantine = quarantine("shop.public.customers-1@33585, orders-by-day-0@7");

        DataException first = assertThrows(DataException.class,
            () -> quarantine.apply(record("shop.public.customers", 1, 33585)));
        DataException second = assertThrows(DataException.class, () -> quarantine.apply(record("orders-by-day", 0, 7)));

        assertEquals("Quarantined by Headgate: shop.public.customers-1@33585", first.getMessage());
        assertEquals("Quarantined by Headgate: orders-by-day-0@7", second.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"orders,0,41", "orders,0,43", "orders,1,42", "order,0,42", "orders-0,0,42"})
    void handsEveryOtherRecordOnUntouched(String topic, int partition, long offset) {
        SinkRecord other = record(topic, partition, offset);

        assertSame(other, quarantine("orders-0@42").apply(other));
    }

    @Test
    void findsTheRecordByItsFirstPositionWhenAnEarlierTransformRenamedTheTopic() {
        SinkRecord original = record("orders", 0, 42);
        SinkRecord renamed = original.newRecord("renamed", 5, null, null, null, null, null);

        assertThrows(DataException.class, () -> quarantine("orders-0@42").apply(renamed));
        assertSame(renamed, quarantine("renamed-5@42").apply(renamed));
    }

    @Test
    void anEmptyListSetsNothingAside() {
        SinkRecord record = record("orders", 0, 42);

        assertSame(record, quarantine("").apply(record));
        assertSame(record, this.<SinkRecord>configured(Map.of()).apply(record));
    }

    @Test
    void handsRecordsOfASourceOnBecauseTheyHaveNoPosition() {
        SourceRecord record = new SourceRecord(Map.of(), Map.of(), "orders", 0, null, null, null, null);

        assertSame(record, this.<SourceRecord>configured(Map.of("records", "orders-0@0")).apply(record));
    }

    @Test
    void theReasonIsPartOfTheMessage() {
        Transformation<SinkRecord> quarantine =
            configured(Map.of("records", "orders-0@42", "reason", " breaks check chk "));

        DataException failure = assertThrows(DataException.class, () -> quarantine.apply(record("orders", 0, 42)));

        assertEquals("Quarantined by Headgate: orders-0@42: breaks check chk", failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a-b.c_d-12@9223372036854775807 | a-b.c_d | 12 | 9223372036854775807",
        "t-0@0 | t | 0 | 0",
        "t-1-2@3 | t-1 | 2 | 3",
        "t--2@3 | t- | 2 | 3",
    })
    void readsPositions(String text, String topic, int partition, long offset) {
        RecordPosition position = RecordPosition.parse(text);

        assertEquals(topic, position.topic);
        assertEquals(partition, position.partition);
        assertEquals(offset, position.offset);
        assertEquals(text, position.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "orders | expected topic-partition@offset, for example orders-0@1042",
        "orders-0 | expected topic-partition@offset, for example orders-0@1042",
        "orders@7 | expected topic-partition@offset, for example orders-0@1042",
        "-0@7 | '' is not a topic name",
        "or ders-0@7 | 'or ders' is not a topic name",
        "a@b-0@7 | 'a@b' is not a topic name",
        "orders-x@7 | the partition must be a whole number of 0 or more",
        "orders-@7 | the partition must be a whole number of 0 or more",
        "orders-0@ | the offset must be a whole number of 0 or more",
        "orders-0@-7 | the offset must be a whole number of 0 or more",
        "orders-0@1-3 | the offset must be a whole number of 0 or more",
        "orders-0@٣ | the offset must be a whole number of 0 or more",
        "orders-2147483648@7 | the partition is too large",
        "orders-0@9223372036854775808 | the offset is too large",
    })
    void refusesWhatIsNoPositionAndSaysWhichEntry(String entry, String why) {
        ConfigException refused = assertThrows(ConfigException.class, () -> quarantine("fine-0@1," + entry));

        assertEquals("Invalid value " + entry + " for configuration records: " + why, refused.getMessage());
    }

    @Test
    void connectsValidationShowsTheErrorAtTheList() {
        List<ConfigValue> values = new Quarantine<SinkRecord>().config().validate(Map.of("records", "orders"));

        List<String> errors = values.stream().filter(value -> value.name().equals("records"))
            .flatMap(value -> value.errorMessages().stream()).collect(Collectors.toList());
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).contains("expected topic-partition@offset"), errors.get(0));
    }

    @Test
    @SuppressWarnings("rawtypes")
    void theServiceFileNamesIt() {
        assertTrue(ServiceLoader.load(Transformation.class).stream()
            .anyMatch(provider -> provider.type() == Quarantine.class));
    }

    private Transformation<SinkRecord> quarantine(String records) {
        return configured(Map.of("records", records));
    }

    private <R extends ConnectRecord<R>> Transformation<R> configured(Map<String, String> config) {
        Transformation<R> quarantine = new Quarantine<>();
        quarantine.configure(config);
        return quarantine;
    }

    private static SinkRecord record(String topic, int partition, long offset) {
        return new SinkRecord(topic, partition, null, "key", null, "value", offset, 0L, TimestampType.CREATE_TIME);
    }
}
