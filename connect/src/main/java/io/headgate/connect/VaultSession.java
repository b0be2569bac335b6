package io.headgate.connect;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the token: gets it at first use, renews it before it expires, and gets another when Vault rejects it. */
final class VaultSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VaultSession.class);
    private static final Duration RETRY_OF_UNKNOWN_LEASE = Duration.ofMinutes(1);
    private static final Duration TOO_SHORT_TO_RENEW = Duration.ofSeconds(1);

    private final VaultSettings settings;
    private final VaultHttp http;
    private ScheduledExecutorService renewals;
    private volatile String token;
    private boolean closed;

    VaultSession(VaultSettings settings, VaultHttp http) {
        this.settings = settings;
        this.http = http;
    }

    String token() {
        String held = token;
        return held != null ? held : logIn(null);
    }

    /** A token to use instead of one that Vault no longer accepts. */
    String replace(String rejected) {
        return logIn(rejected);
    }

    /** Tells an expired token from a policy that denies one path: Vault answers 403 to both. */
    boolean accepts(String held) {
        return http.get("auth/token/lookup-self", held).status != 403;
    }

    private synchronized String logIn(String rejected) {
        if (closed) {
            throw new VaultException("the provider is closed");
        }
        if (token == null || token.equals(rejected)) {
            token = null;
            token = settings.usesAppRole ? logInByAppRole() : readTokenFile(rejected);
        }
        return token;
    }

    private String readTokenFile(String rejected) {
        String read = settings.readToken();
        if (read.equals(rejected)) {
            throw new VaultException("status 403: Vault does not accept the token in " + settings.tokenFile()
                + " (expired, revoked, or of another namespace); write a fresh token to the file");
        }
        schedule(() -> renew(read, null), Duration.ZERO);
        return read;
    }

    private String logInByAppRole() {
        String path = "auth/" + settings.appRoleMount + "/login";
        VaultHttp.Reply reply = http.post(path, null, "{\"role_id\":" + Json.quote(settings.readRoleId())
            + ",\"secret_id\":" + Json.quote(settings.readSecretId()) + "}");
        if (reply.status != 200) {
            throw new VaultException("login at " + path + " failed with status " + reply.status + ": "
                + explainLogin(reply.status));
        }
        Map<?, ?> auth = reply.object("auth");
        Object issued = auth.get("client_token");
        if (!(issued instanceof String)) {
            throw new VaultException("login at " + path + " answered without a token; check address and approle.mount");
        }
        Duration lease = lease(auth);
        if (Boolean.TRUE.equals(auth.get("renewable")) && lease.compareTo(TOO_SHORT_TO_RENEW) >= 0) {
            schedule(() -> renew((String) issued, System.nanoTime() + lease.toNanos() / 3), lease.multipliedBy(2).dividedBy(3));
        }
        return (String) issued;
    }

    private static String explainLogin(int status) {
        switch (status) {
            case 400:
            case 401:
            case 403:
                return "role id or secret id was not accepted (wrong, expired or used up); issue a new secret id and"
                    + " write it to secret.id.file";
            case 404:
                return "no AppRole method there; check approle.mount and namespace";
            default:
                return SecretReader.explainServer(status);
        }
    }
}
