package io.headgate.connect;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** The parameters of {@link VaultConfigProvider}, checked when the worker starts. */
final class VaultSettings {
    static final ConfigDef CONFIG = new ConfigDef()
        .define("address", Type.STRING, Importance.HIGH,
            "Where Vault answers, for example https://vault.example.com:8200.")
        .define("auth", Type.STRING, "token", ConfigDef.ValidString.in("token", "approle"), Importance.HIGH,
            "How the worker logs in: token (from token.file) or approle.")
        .define("token.file", Type.STRING, "", Importance.HIGH,
            "File that holds the token; read again when Vault no longer accepts the one held.")
        .define("role.id", Type.STRING, "", Importance.HIGH, "AppRole role id.")
        .define("role.id.file", Type.STRING, "", Importance.HIGH,
            "File that holds the AppRole role id, instead of role.id.")
        .define("secret.id.file", Type.STRING, "", Importance.HIGH,
            "File that holds the AppRole secret id; read at every login.")
        .define("approle.mount", Type.STRING, "approle", Importance.LOW, "Where the AppRole method is mounted.")
        .define("namespace", Type.STRING, "", Importance.MEDIUM, "Vault namespace, sent with every request.")
        .define("tls.ca.file", Type.STRING, "", Importance.MEDIUM,
            "PEM file with the authorities to trust for Vault's certificate; empty trusts the JVM's.")
        .define("allow.http", Type.BOOLEAN, false, Importance.LOW,
            "Accept an http:// address that is not on this machine. Secrets then cross the network in the clear.")
        .define("timeout.ms", Type.INT, 5000, ConfigDef.Range.between(1, 60000), Importance.LOW,
            "Deadline of each request to Vault.")
        .define("allowed.prefixes", Type.LIST, "", Importance.MEDIUM,
            "Comma-separated MOUNT/PATH prefixes that references may name; empty leaves it to Vault's policies.");

    private static final int MAX_CREDENTIAL_BYTES = 64 * 1024;

    final String address;
    final boolean usesAppRole;
    final String appRoleMount;
    final String namespace;
    final Duration timeout;
    final List<String> allowedPrefixes;
    final SSLContext trust;
    private final Map<String, Object> values;

    VaultSettings(Map<String, ?> given) {
        for (String key : given.keySet()) {
            if (key.equals("token") || key.equals("secret.id")) {
                throw new ConfigException("Vault config provider: '" + key + "' is refused, because worker settings are"
                    + " logged and shown. Put it in a file and set " + key + ".file.");
            }
            if (!CONFIG.names().contains(key)) {
                throw new ConfigException("Vault config provider: unknown parameter '" + key + "'. Known: "
                    + String.join(", ", CONFIG.names().stream().sorted().toArray(String[]::new)) + ".");
            }
        }
        values = CONFIG.parse(given);
        address = address(text("address"), (Boolean) values.get("allow.http"));
        usesAppRole = text("auth").equals("approle");
        appRoleMount = text("approle.mount");
        namespace = text("namespace");
        timeout = Duration.ofMillis((Integer) values.get("timeout.ms"));
        allowedPrefixes = ((List<?>) values.get("allowed.prefixes")).stream().map(String.class::cast)
            .collect(Collectors.toUnmodifiableList());
        trust = text("tls.ca.file").isEmpty() ? null : trust(Path.of(text("tls.ca.file")));
        requireCredentials();
    }

    String tokenFile() {
        return text("token.file");
    }

    String readToken() {
        return readCredential("token.file");
    }

    String readRoleId() {
        return text("role.id").isEmpty() ? readCredential("role.id.file") : text("role.id");
    }

    String readSecretId() {
        return readCredential("secret.id.file");
    }

    private String text(String key) {
        return (String) values.get(key);
    }

    private void requireCredentials() {
        if (!usesAppRole) {
            require("token.file", "auth=token");
            return;
        }
        require("secret.id.file", "auth=approle");
        if (text("role.id").isEmpty() == text("role.id.file").isEmpty()) {
            throw new ConfigException("Vault config provider: auth=approle needs one of role.id and role.id.file.");
        }
        if (!appRoleMount.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")) {
            throw new ConfigException("approle.mount", appRoleMount, "expected a mount path such as approle");
        }
    }

    private void require(String key, String because) {
        if (text(key).isEmpty()) {
            throw new ConfigException("Vault config provider: " + because + " needs " + key + ".");
        }
    }

    private String readCredential(String key) {
        String file = text(key);
        String content;
        try {
            if (Files.size(Path.of(file)) > MAX_CREDENTIAL_BYTES) {
                throw new VaultException(key + " " + file + " is too large to be a credential");
            }
            content = Files.readString(Path.of(file)).strip();
        } catch (NoSuchFileException e) {
            throw new VaultException(key + " " + file + " does not exist");
        } catch (IOException e) {
            throw new VaultException(key + " " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        // The HTTP client quotes a header value it refuses, so nothing else may get as far as a header.
        if (content.isEmpty() || !content.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new VaultException(key + " " + file + " must hold one credential and nothing else");
        }
        return content;
    }

    private static String address(String text, boolean allowHttp) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new ConfigException("Vault config provider: address is not a URL.");
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || !(http || "https".equalsIgnoreCase(uri.getScheme()))) {
            throw new ConfigException("Vault config provider: address must be a URL such as https://vault:8200.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new ConfigException("Vault config provider: address may hold only scheme, host, port and path.");
        }
        if (http && !allowHttp && !uri.getHost().matches("localhost|127(\\.[0-9]+){3}|\\[::1\\]")) {
            throw new ConfigException("address", text, "http:// would send secrets in the clear to another machine;"
                + " use https://, or set allow.http=true on a network you trust");
        }
        return uri.toString().replaceAll("/+$", "");
    }

    private static SSLContext trust(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                authorities.setCertificateEntry("ca-" + authorities.size(), certificate);
            }
            if (authorities.size() == 0) {
                throw new ConfigException("tls.ca.file", pem, "holds no certificate");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (NoSuchFileException e) {
            throw new ConfigException("tls.ca.file", pem, "does not exist");
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException("tls.ca.file", pem, "cannot be read as PEM certificates ("
                + e.getClass().getSimpleName() + ")");
        }
    }
}
