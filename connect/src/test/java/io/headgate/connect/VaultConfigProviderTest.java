package io.headgate.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultConfigProviderTest {
    private static final String READ = "GET /v1/secret/data/shop/db";
    private static final String LOOKUP = "GET /v1/auth/token/lookup-self";
    private static final String LOGIN = "POST /v1/auth/approle/login";
    private static final String RENEW = "POST /v1/auth/token/renew-self";
    private static final String SECRET = "{\"data\":{\"data\":{\"user\":\"app\",\"password\":\"p\\u00e4ss \\\"1\\\"\","
        + "\"port\":5432,\"tls\":true,\"nested\":{\"x\":\"s3cret\"},\"none\":null},"
        + "\"metadata\":{\"version\":2,\"destroyed\":false,\"deletion_time\":\"\"}}}";
    private static final List<String> NEVER_SHOWN =
        List.of("hvs.first", "hvs.second", "s3cret", "päss", "5432", "the-secret-id", "permission denied");

    @TempDir
    Path folder;
    private FakeVault vault;
    private final VaultConfigProvider provider = new VaultConfigProvider();

    @BeforeEach
    void start() throws IOException {
        vault = new FakeVault();
        vault.on(LOOKUP, 200, "{\"data\":{}}");
        vault.on(RENEW, 400, "{\"errors\":[\"lease is not renewable\"]}");
    }

    @AfterEach
    void stop() {
        provider.close();
        vault.close();
    }

    @Test
    void resolvesTextNumbersAndBooleansWithoutATimeToLive() throws Exception {
        withToken("hvs.first");
        vault.onToken("hvs.first", READ, 200, SECRET);

        ConfigData data = provider.get("secret/shop/db", Set.of("user", "password", "port", "tls"));

        assertEquals(Map.of("user", "app", "password", "päss \"1\"", "port", "5432", "tls", "true"), data.data());
        assertNull(data.ttl());
    }

    @Test
    void resolvesAPinnedVersion() throws Exception {
        withToken("hvs.first");
        vault.on(READ + "?version=1", 200, "{\"data\":{\"data\":{\"password\":\"old\"}}}");

        assertEquals(Map.of("password", "old"), provider.get("secret/shop/db?version=1", Set.of("password")).data());
        assertEquals(Map.of("password", "old"), provider.get("secret/shop/db?version=1").data());
    }

    @Test
    void sendsTheNamespaceWithEveryRequest() throws Exception {
        withAppRole(Map.of("namespace", "team/shop"));
        vault.on(LOGIN, 200, login("hvs.first", 3600, false));
        vault.on(READ, 200, SECRET);

        provider.get("secret/shop/db", Set.of("user"));

        assertEquals(2, vault.requests.size());
        for (FakeVault.Request request : vault.requests) {
            assertEquals("team/shop", request.headers.getFirst("X-Vault-Namespace"));
            assertEquals("true", request.headers.getFirst("X-Vault-Request"));
        }
    }

    @Test
    void logsInByAppRoleOnceAndKeepsTheToken() throws Exception {
        withAppRole(Map.of());
        vault.on(LOGIN, 200, login("hvs.first", 3600, true));
        vault.onToken("hvs.first", READ, 200, SECRET);

        provider.get("secret/shop/db", Set.of("user"));
        provider.get("secret/shop/db", Set.of("password"));

        assertEquals(1, vault.count(LOGIN));
        assertEquals(Map.of("role_id", "role-1", "secret_id", "the-secret-id"), Json.parse(vault.requests.get(0).body));
        assertNull(vault.requests.get(0).token());
    }

    @Test
    void logsInAgainWhenTheTokenExpired() throws Exception {
        withAppRole(Map.of());
        vault.on(LOGIN, 200, login("hvs.first", 3600, false));
        vault.onToken("hvs.first", READ, 200, SECRET);
        provider.get("secret/shop/db", Set.of("user"));
        vault.on(LOGIN, 200, login("hvs.second", 3600, false));
        vault.onToken("hvs.second", READ, 200, SECRET);
        vault.onToken("hvs.second", LOOKUP, 200, "{}");

        assertEquals(Map.of("user", "app"), provider.get("secret/shop/db", Set.of("user")).data());
        assertEquals(2, vault.count(LOGIN));
    }

    @Test
    void aDeniedPathCostsNoLoginAndSaysWhatToGrant() throws Exception {
        withAppRole(Map.of());
        vault.on(LOGIN, 200, login("hvs.first", 3600, false));
        vault.on(READ, request -> FakeVault.denied());

        assertEquals("Vault secret secret/shop/db, key password: status 403: the token's policies do not allow reading"
            + " secret/data/shop/db; grant it the read capability there.", failure("secret/shop/db", "password"));
        assertEquals(1, vault.count(LOGIN));
    }

    @Test
    void tokensThatMayNotLookThemselvesUpAreTriedOnceMoreOnly() throws Exception {
        withAppRole(Map.of());
        vault.on(LOGIN, 200, login("hvs.first", 3600, false));
        vault.on(LOOKUP, request -> FakeVault.denied());
        vault.on(READ, request -> FakeVault.denied());

        assertTrue(failure("secret/shop/db", "password").contains("grant it the read capability"));
        assertEquals(2, vault.count(LOGIN));
        assertEquals(2, vault.count(READ));
    }

    @Test
    void readsTheTokenFileAgainWhenItsTokenExpired() throws Exception {
        Path file = withToken("hvs.first");
        vault.onToken("hvs.second", READ, 200, SECRET);
        vault.onToken("hvs.second", LOOKUP, 200, "{}");

        String expired = failure("secret/shop/db", "user");
        Files.writeString(file, "hvs.second\n");

        assertTrue(expired.contains("does not accept the token in " + file), expired);
        assertEquals(Map.of("user", "app"), provider.get("secret/shop/db", Set.of("user")).data());
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403"})
    void aRefusedAppRoleSaysWhatToReplace(int status) throws Exception {
        withAppRole(Map.of());
        vault.on(LOGIN, status, "{\"errors\":[\"invalid role or secret ID the-secret-id\"]}");

        String message = failure("secret/shop/db", "user");

        assertTrue(message.contains("login at auth/approle/login failed: status " + status), message);
        assertTrue(message.contains("issue a new secret id"), message);
    }

    @Test
    void renewsTheTokenBeforeItExpires() throws Exception {
        CountDownLatch renewed = new CountDownLatch(2);
        withAppRole(Map.of());
        vault.on(LOGIN, 200, login("hvs.first", 1, true));
        vault.on(READ, 200, SECRET);
        vault.on(RENEW, request -> {
            renewed.countDown();
            return new FakeVault.Answer(200, login(request.token(), 1, true));
        });

        provider.get("secret/shop/db", Set.of("user"));

        assertTrue(renewed.await(30, TimeUnit.SECONDS));
        assertEquals(1, vault.count(LOGIN));
    }

    @Test
    void asksOnceWhetherATokenFromAFileCanBeRenewed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        withToken("hvs.first");
        vault.on(READ, 200, SECRET);
        vault.on(RENEW, request -> {
            asked.countDown();
            return new FakeVault.Answer(200, "{\"auth\":{\"lease_duration\":0,\"renewable\":false}}");
        });

        provider.get("secret/shop/db", Set.of("user"));

        assertTrue(asked.await(30, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "503 | sealed or in maintenance; unseal it, then restart the connector with its tasks",
        "501 | not initialised",
        "429 | try again",
        "473 | active node",
        "307 | redirects, which is not followed",
        "500 | see its log",
        "400 | check address, namespace and mount",
    })
    void namesTheStatusAndWhatToDo(int status, String advice) throws Exception {
        withToken("hvs.first");
        vault.on(READ, status, "{\"errors\":[\"Vault is sealed s3cret\"]}");

        String message = failure("secret/shop/db", "password");

        assertTrue(message.startsWith("Vault secret secret/shop/db, key password: status " + status + ": "), message);
        assertTrue(message.contains(advice), message);
    }

    @Test
    void aSealedVaultAtLoginIsSaidToo() throws Exception {
        withAppRole(Map.of());
        vault.on(LOGIN, 503, "{\"errors\":[\"Vault is sealed\"]}");

        assertTrue(failure("secret/shop/db", "user").contains("status 503: Vault is sealed"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "secret/shop/db | {\"errors\":[]} | no such secret; check mount (a KV version 2 engine), path and namespace",
        "secret/shop/db?version=9 | {\"errors\":[]} | no such secret or no version 9;",
        "secret/shop/db | '' | no such secret;",
        "secret/shop/db | <html>s3cret | no such secret;",
        "secret/data/db | {\"errors\":[]} | (the reference is written without data/)",
        "secret/shop/db | {\"data\":{\"data\":null,\"metadata\":{\"destroyed\":false,\"version\":3}}} | the current version was deleted",
        "secret/shop/db?version=3 | {\"data\":{\"data\":null,\"metadata\":{\"destroyed\":true}}} | version 3 was destroyed",
    })
    void tellsTheKindsOfAbsenceApart(String path, String body, String why) throws Exception {
        withToken("hvs.first");
        vault.on("GET /v1/" + SecretReference.parse(path).apiPath(), 404, body);

        String message = failure(path, "password");

        assertTrue(message.contains("status 404: ") && message.contains(why), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pasword | the secret has no pasword",
        "nested | nested is not text, a number or a boolean",
        "none | none is not text, a number or a boolean",
    })
    void aKeyThatCannotBeUsedIsNamed(String key, String why) throws Exception {
        withToken("hvs.first");
        vault.on(READ, 200, SECRET);

        assertTrue(failure("secret/shop/db", key).startsWith("Vault secret secret/shop/db, key " + key + ": " + why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s3cret", "[\"s3cret\"]", "{\"data\":{\"password\":\"s3cret\"}}", "{\"data\":\"s3cret\"}",
        "{\"data\":{\"data\":{\"password\":\"s3cret\""})
    void anAnswerThatIsNoSecretIsNotRepeated(String body) throws Exception {
        withToken("hvs.first");
        vault.on(READ, 200, body);

        failure("secret/shop/db", "password");
    }

    @Test
    void aLoginAnswerWithoutATokenIsNotRepeated() throws Exception {
        withAppRole(Map.of());
        vault.on(LOGIN, 200, "{\"auth\":{\"client_token\":5432}}");

        assertTrue(failure("secret/shop/db", "user").contains("brought no token"));
    }

    @Test
    void referencesOutsideTheAllowedPrefixesNeverReachVault() throws Exception {
        withToken("hvs.first", Map.of("allowed.prefixes", "secret/shop,kv/team"));
        vault.on(READ, 200, SECRET);

        assertEquals("app", provider.get("secret/shop/db", Set.of("user")).data().get("user"));
        assertTrue(failure("secret/shopping/db", "user").contains("outside allowed.prefixes"));
        assertTrue(failure("secret/shop/../admin", "user").contains("is not a mount and a path"));
        assertEquals(0, vault.requests.stream().filter(request -> request.line.contains("shopping")
            || request.line.contains("admin")).count());
    }

    @Test
    void aSlowAnswerEndsAtTheDeadline() throws Exception {
        withToken("hvs.first", Map.of("timeout.ms", "200"));
        vault.hangOn(READ);

        String message = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> failure("secret/shop/db", "user"));

        assertTrue(message.contains("gave no answer within 200 ms"), message);
    }

    @Test
    void aBodyThatNeverEndsEndsAtTheDeadlineToo() throws Exception {
        try (ServerSocket half = new ServerSocket(0)) {
            Thread server = new Thread(() -> answerHalf(half));
            server.setDaemon(true);
            server.start();
            configure(Map.of("address", "http://127.0.0.1:" + half.getLocalPort(), "timeout.ms", "500",
                "token.file", write("token", "hvs.first").toString()));

            String message = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> failure("secret/shop/db", "user"));

            assertTrue(message.contains("gave no answer within 500 ms"), message);
        }
    }

    @Test
    void aVaultThatIsDownIsNamedByItsAddress() throws Exception {
        withToken("hvs.first");
        vault.close();

        String message = failure("secret/shop/db", "user");

        assertTrue(message.contains("cannot connect to Vault at http://127.0.0.1:" + vault.port()), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | must hold one credential",
        "' \n' | must hold one credential",
        "'hvs.first\nhvs.second' | must hold one credential",
        "hvs.firsté | must hold one credential",
    })
    void aBadTokenFileIsNamedAndNotQuoted(String content, String why) throws Exception {
        Path file = withToken(content);

        String message = failure("secret/shop/db", "user");

        assertTrue(message.contains("token.file " + file) && message.contains(why), message);
    }

    @Test
    void aMissingCredentialFileIsNamedAndReadOnceItIsThere() throws Exception {
        withAppRole(Map.of("secret.id.file", folder.resolve("later").toString()));
        vault.on(LOGIN, 200, login("hvs.first", 3600, false));
        vault.on(READ, 200, SECRET);

        assertTrue(failure("secret/shop/db", "user").contains("later does not exist"));
        write("later", "the-secret-id");
        assertEquals("app", provider.get("secret/shop/db", Set.of("user")).data().get("user"));
    }

    @Test
    void manyThreadsShareOneLogin() throws Exception {
        withAppRole(Map.of());
        AtomicInteger logins = new AtomicInteger();
        vault.on(LOGIN, request -> new FakeVault.Answer(200, login("hvs." + logins.incrementAndGet(), 3600, false)));
        vault.on(READ, 200, SECRET);

        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> provider.get("secret/shop/db", Set.of("user"))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(8, vault.count(READ));
        assertEquals(1, logins.get());
    }

    @Test
    void aProviderThatIsClosedOrNotConfiguredSaysSo() throws Exception {
        assertTrue(failure("secret/shop/db", "user").contains("not configured"));
        withToken("hvs.first");
        provider.close();
        assertTrue(failure("secret/shop/db", "user").contains("closed"));
    }

    @Test
    void theServiceFileNamesIt() {
        assertEquals(List.of(VaultConfigProvider.class), ServiceLoader.load(ConfigProvider.class).stream()
            .map(ServiceLoader.Provider::type).filter(type -> type == VaultConfigProvider.class)
            .collect(Collectors.toList()));
    }

    private String failure(String path, String key) {
        ConfigException failure = assertThrows(ConfigException.class, () -> provider.get(path, Set.of(key)));
        assertNull(failure.getCause());
        for (String secret : NEVER_SHOWN) {
            assertFalse(failure.toString().contains(secret), failure::toString);
        }
        assertTrue(failure.getMessage().contains(path) && failure.getMessage().contains(key), failure::getMessage);
        return failure.getMessage();
    }

    private Path withToken(String token) throws IOException {
        return withToken(token, Map.of());
    }

    private Path withToken(String token, Map<String, String> more) throws IOException {
        Path file = write("token", token);
        Map<String, String> config = new HashMap<>(more);
        config.put("address", "http://127.0.0.1:" + vault.port());
        config.put("token.file", file.toString());
        configure(config);
        return file;
    }

    private void withAppRole(Map<String, String> more) throws IOException {
        Map<String, String> config = new HashMap<>(Map.of("address", "http://127.0.0.1:" + vault.port(),
            "auth", "approle", "role.id", "role-1", "secret.id.file", write("secret-id", "the-secret-id\n").toString()));
        config.putAll(more);
        configure(config);
    }

    private void configure(Map<String, String> config) {
        provider.configure(config);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static String login(String token, int seconds, boolean renewable) {
        return "{\"auth\":{\"client_token\":\"" + token + "\",\"lease_duration\":" + seconds + ",\"renewable\":" + renewable
            + "}}";
    }

    private static void answerHalf(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                server.accept().getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":".getBytes());
            } catch (IOException e) {
                return;
            }
        }
    }
}
