package io.headgate.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferenceTest {
    @ParameterizedTest
    @CsvSource({
        "secret/db, secret/data/db",
        "secret/team/shop/db, secret/data/team/shop/db",
        "secret/db?version=3, secret/data/db?version=3",
        "kv-2/a.b_c, kv-2/data/a.b_c",
        "secret/my db+é%2e#, secret/data/my%20db%2B%C3%A9%252e%23",
        "secret/data/db, secret/data/data/db",
    })
    void namesTheApiPath(String reference, String apiPath) {
        assertEquals(apiPath, SecretReference.parse(reference).apiPath());
        assertEquals(reference, SecretReference.parse(reference).toString());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"secret", "secret/", "/secret/db", "secret//db", "secret/db/", "secret/../sys/x", "secret/./db",
        "secret/ /db", "secret/a\nb", "secret/db?", "secret/db?version=", "secret/db?version=0", "secret/db?version=-1",
        "secret/db?version=x", "secret/db?version=1&list=true", "secret/db?list=true", "secret/db?version=1?version=2",
        "?version=1", "secret/db?version=9999999999"})
    void refusesEverythingElse(String reference) {
        assertThrows(VaultException.class, () -> SecretReference.parse(reference));
    }

    @ParameterizedTest
    @CsvSource({
        "secret/connect, true", "secret/connect/, true", "secret, true", "secret/connect/db, true",
        "secret/conn, false", "secret/connect/d, false", "secret/connect/db/more, false", "other, false",
    })
    void countsPrefixesInWholeSegments(String prefix, boolean within) {
        assertEquals(within, SecretReference.parse("secret/connect/db?version=2").isWithin(prefix));
    }

    @Test
    void sayHowAReferenceIsWritten() {
        String message = assertThrows(VaultException.class, () -> SecretReference.parse("db")).getMessage();

        assertEquals("'db' is not a mount and a path: write ${vault:MOUNT/PATH:KEY} or ${vault:MOUNT/PATH?version=N:KEY}",
            message);
    }
}
