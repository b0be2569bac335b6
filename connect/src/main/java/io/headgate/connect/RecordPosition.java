package io.headgate.connect;

import java.util.regex.Pattern;

/** Where a record stands in Kafka, written {@code topic-partition@offset}. */
final class RecordPosition {
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    final String topic;
    final int partition;
    final long offset;

    private RecordPosition(String topic, int partition, long offset) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
    }

    /** Topic names may hold dashes and dots, so the partition is what follows the last dash. */
    static RecordPosition parse(String text) {
        int at = text.lastIndexOf('@');
        int dash = at < 0 ? -1 : text.lastIndexOf('-', at);
        if (dash < 0) {
            throw new IllegalArgumentException("expected topic-partition@offset, for example orders-0@1042");
        }
        String topic = text.substring(0, dash);
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("'" + topic + "' is not a topic name");
        }
        long partition = number(text.substring(dash + 1, at), "partition");
        if (partition > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the partition is too large");
        }
        return new RecordPosition(topic, (int) partition, number(text.substring(at + 1), "offset"));
    }

    private static long number(String digits, String what) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("the " + what + " must be a whole number of 0 or more");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the " + what + " is too large");
        }
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
