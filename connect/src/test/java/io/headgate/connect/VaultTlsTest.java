package io.headgate.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;
    private FakeVault vault;
    private final VaultConfigProvider provider = new VaultConfigProvider();

    @BeforeEach
    void start() throws Exception {
        KeyStore keys = selfSigned();
        Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("vault").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
        HttpsServer server = HttpsServer.create();
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        vault = new FakeVault(server);
        vault.on("GET /v1/secret/data/db", 200, "{\"data\":{\"data\":{\"user\":\"app\"}}}");
    }

    @AfterEach
    void stop() {
        provider.close();
        vault.close();
    }

    @Test
    void trustsTheAuthorityItWasGiven() throws Exception {
        configure("127.0.0.1", true);

        assertEquals("app", provider.get("secret/db", Set.of("user")).data().get("user"));
    }

    @Test
    void refusesAnAuthorityItWasNotGiven() throws Exception {
        configure("127.0.0.1", false);

        assertTrue(failure().contains("TLS with Vault at https://127.0.0.1"), failure());
    }

    @Test
    void refusesACertificateOfAnotherHost() throws Exception {
        configure("localhost", true);

        assertTrue(failure().contains("check tls.ca.file and the host name in address"), failure());
    }

    private String failure() {
        return assertThrows(ConfigException.class, () -> provider.get("secret/db", Set.of("user"))).getMessage();
    }

    private void configure(String host, boolean trusting) throws Exception {
        Map<String, String> config = new HashMap<>(Map.of("address", "https://" + host + ":" + vault.port(),
            "token.file", Files.writeString(folder.resolve("token"), "hvs.first").toString()));
        if (trusting) {
            config.put("tls.ca.file", folder.resolve("ca.pem").toString());
        }
        provider.configure(config);
    }

    private KeyStore selfSigned() throws Exception {
        Path store = folder.resolve("vault.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", "vault", "-keyalg", "EC", "-dname", "CN=vault", "-ext", "san=ip:127.0.0.1",
            "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", new String(PASSWORD))
            .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile()).start();
        assertEquals(0, keytool.waitFor(), () -> "keytool failed");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static SSLContext context(KeyStore keys) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
