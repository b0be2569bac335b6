package io.headgate.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;

/**
 * Resolves {@code ${vault:MOUNT/PATH:KEY}} and {@code ${vault:MOUNT/PATH?version=N:KEY}} from a KV version 2 engine of
 * Vault or OpenBao. Whatever cannot be resolved is an error, because Connect hands an unresolved reference on as text.
 *
 * <p>The data carries no time to live on purpose. With one, Connect restarts the connector each time it ends, for ever,
 * while its tasks keep the old secret; and a restart that falls into an outage of Vault leaves the connector unassigned.
 * After a rotation, restart the connector together with its tasks instead.
 */
public class VaultConfigProvider implements ConfigProvider {
    private VaultSettings settings;
    private VaultHttp http;
    private VaultSession session;

    /** Checks the parameters without calling Vault, so that a worker can start before Vault does. */
    @Override
    public void configure(Map<String, ?> configs) {
        settings = new VaultSettings(configs);
        http = new VaultHttp(settings);
        session = new VaultSession(settings, http);
    }

    @Override
    public ConfigData get(String path) {
        return resolve(path, null);
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
        return resolve(path, keys);
    }

    private ConfigData resolve(String path, Set<String> keys) {
        try {
            Map<?, ?> secret = read(SecretReference.parse(path));
            Map<String, String> values = new HashMap<>();
            for (Object key : keys == null ? secret.keySet() : keys) {
                values.put((String) key, text(secret, (String) key));
            }
            return new ConfigData(values);
        } catch (VaultException e) {
            throw new ConfigException("Vault secret " + path + (keys == null ? "" : ", key " + keyNames(keys))
                + ": " + e.getMessage() + ".");
        }
    }

    private Map<?, ?> read(SecretReference secret) {
        if (session == null) {
            throw new VaultException("the provider is not configured");
        }
        if (!settings.allowedPrefixes.isEmpty() && settings.allowedPrefixes.stream().noneMatch(secret::isWithin)) {
            throw new VaultException("outside allowed.prefixes of this worker's Vault provider");
        }
        String token = session.token();
        VaultHttp.Reply reply = http.get(secret.apiPath(), token);
        if (reply.status == 403 && !session.accepts(token)) {
            reply = http.get(secret.apiPath(), session.replace(token));
        }
        if (reply.status != 200) {
            throw new VaultException(VaultAnswers.explainRead(reply, secret, settings.namespace));
        }
        Object data = reply.object("data").get("data");
        if (!(data instanceof Map)) {
            throw new VaultException("the answer holds no secret; is " + secret.mount + " a KV version 2 engine?");
        }
        return (Map<?, ?>) data;
    }

    private static String text(Map<?, ?> secret, String key) {
        Object value = secret.get(key);
        if (value instanceof String) {
            return (String) value;
        }
        if (value instanceof Json.Numeral) {
            return ((Json.Numeral) value).text;
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        throw new VaultException(secret.containsKey(key)
            ? key + " is not text, a number or a boolean; store it as text"
            : "the secret has no " + key + "; check the key's spelling or write it");
    }

    private static String keyNames(Set<String> keys) {
        return String.join(", ", new TreeSet<>(keys));
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }
}
