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
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMinutes(1);

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

    /** Tells an expired token from a policy that denies one path, because Vault answers 403 to both. */
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
                + " (expired, revoked, of another namespace, or allowed neither this path nor lookup-self);"
                + " write a fresh token to the file");
        }
        renewAtOnce(read, Duration.ZERO);
        return read;
    }

    private String logInByAppRole() {
        String path = "auth/" + settings.appRoleMount + "/login";
        VaultHttp.Reply reply = http.post(path, null, "{\"role_id\":" + Json.quote(settings.readRoleId())
            + ",\"secret_id\":" + Json.quote(settings.readSecretId()) + "}");
        if (reply.status != 200) {
            throw new VaultException("login at " + path + " failed: " + VaultAnswers.explainLogin(reply.status));
        }
        Map<?, ?> auth = reply.object("auth");
        Object issued = auth.get("client_token");
        if (!(issued instanceof String)) {
            throw new VaultException("login at " + path + " brought no token; check address and approle.mount");
        }
        renewInTime((String) issued, VaultAnswers.renewableLease(auth));
        return (String) issued;
    }

    // How long a token from a file still lives is not known before the first renewal answers it.
    private void renewAtOnce(String held, Duration delay) {
        schedule(delay, () -> {
            if (!renew(held)) {
                renewAtOnce(held, RETRY);
            }
        });
    }

    private void renewInTime(String held, Duration lease) {
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            return;
        }
        long expiry = System.nanoTime() + lease.toNanos();
        schedule(lease.multipliedBy(2).dividedBy(3), () -> {
            if (!renew(held)) {
                renewInTime(held, Duration.ofNanos(expiry - System.nanoTime()));
            }
        });
    }

    /** False when Vault could not decide, so that a later try makes sense. */
    private boolean renew(String held) {
        if (!holds(held)) {
            return true;
        }
        try {
            VaultHttp.Reply reply = http.post("auth/token/renew-self", held, "{}");
            if (reply.status == 200) {
                renewInTime(held, VaultAnswers.renewableLease(reply.object("auth")));
                return true;
            }
            LOG.info("Vault did not renew the token (status {})", reply.status);
            return reply.status < 429;
        } catch (VaultException e) {
            LOG.warn("The Vault token could not be renewed: {}", e.getMessage());
            return false;
        }
    }

    private synchronized boolean holds(String held) {
        return held.equals(token);
    }

    private synchronized void schedule(Duration delay, Runnable renewal) {
        if (closed) {
            return;
        }
        if (renewals == null) {
            renewals = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "headgate-vault-renewal");
                thread.setDaemon(true);
                return thread;
            });
        }
        renewals.schedule(renewal, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void close() {
        closed = true;
        token = null;
        if (renewals != null) {
            renewals.shutdownNow();
        }
    }
}
