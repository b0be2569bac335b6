package io.headgate.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultSettingsTest {
    private static final Map<String, String> TOKEN =
        Map.of("address", "https://vault.example.com:8200/", "token.file", "/run/vault/token");

    @TempDir
    Path folder;

    @Test
    void hasDefaultsForAllButAddressAndCredentials() {
        VaultSettings settings = new VaultSettings(TOKEN);

        assertEquals("https://vault.example.com:8200", settings.address);
        assertEquals(5000, settings.timeout.toMillis());
        assertEquals(List.of(), settings.allowedPrefixes);
        assertFalse(settings.usesAppRole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "secret.id"})
    void refusesAnInlineCredentialAndDoesNotRepeatIt(String key) {
        ConfigException refused = refused(key, "hvs.s3cret");

        assertTrue(refused.getMessage().contains("'" + key + "' is refused"), refused.getMessage());
        assertTrue(refused.getMessage().contains(key + ".file"), refused.getMessage());
        assertFalse(refused.getMessage().contains("s3cret"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "adress | x | unknown parameter 'adress'",
        "auth | kubernetes | auth",
        "timeout.ms | 0 | timeout.ms",
        "timeout.ms | soon | timeout.ms",
        "token.file | '' | auth=token needs token.file",
        "auth | approle | auth=approle needs secret.id.file",
        "address | vault:8200 | address must be a URL",
        "address | file:///etc/passwd | address must be a URL",
        "address | 'https://a b' | address is not a URL",
        "address | https://user:pw@vault:8200 | may hold only scheme, host, port and path",
        "address | https://vault:8200?x=1 | may hold only scheme, host, port and path",
        "address | http://vault:8200 | allow.http=true",
        "address | http://127.0.0.1.example.com:8200 | allow.http=true",
        "tls.ca.file | /no/such/ca.pem | does not exist",
    })
    void refusesWhatCannotWork(String key, String value, String message) {
        ConfigException refused = refused(key, value);

        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertFalse(refused.getMessage().contains("pw@"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8200", "http://localhost:8200", "http://[::1]:8200", "https://vault/base"})
    void acceptsPlainHttpOnThisMachineOnly(String address) {
        assertEquals(address, new VaultSettings(with("address", address)).address);
    }

    @Test
    void acceptsPlainHttpElsewhereWhenToldTo() {
        Map<String, String> config = with("address", "http://vault:8200");
        config.put("allow.http", "true");

        assertEquals("http://vault:8200", new VaultSettings(config).address);
    }

    @Test
    void refusesACaFileWithoutCertificates() throws Exception {
        Path pem = Files.writeString(folder.resolve("ca.pem"), "not a certificate");

        assertTrue(refused("tls.ca.file", pem.toString()).getMessage().contains("tls.ca.file"));
        Files.writeString(pem, "");
        assertTrue(refused("tls.ca.file", pem.toString()).getMessage().contains("holds no certificate"));
    }

    @Test
    void appRoleNeedsExactlyOneRoleId() {
        Map<String, String> config = with("auth", "approle");
        config.put("secret.id.file", "/run/vault/secret-id");

        assertThrows(ConfigException.class, () -> new VaultSettings(config));
        config.put("role.id", "connect");
        assertTrue(new VaultSettings(config).usesAppRole);
        config.put("role.id.file", "/run/vault/role-id");
        assertThrows(ConfigException.class, () -> new VaultSettings(config));
    }

    private static ConfigException refused(String key, String value) {
        return assertThrows(ConfigException.class, () -> new VaultSettings(with(key, value)));
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> config = new HashMap<>(TOKEN);
        config.put(key, value);
        return config;
    }
}
