package io.headgate.connect;

import java.time.Duration;
import java.util.Map;

/** What Vault's answers mean and what to do about them. Their own texts are never repeated. */
final class VaultAnswers {
    private VaultAnswers() {
    }

    static String explainRead(VaultHttp.Reply reply, SecretReference secret, String namespace) {
        String inNamespace = namespace.isEmpty() ? "" : " in namespace " + namespace;
        switch (reply.status) {
            case 403:
                return "status 403: the token's policies do not allow reading " + secret.mount + "/data/" + secret.path
                    + inNamespace + "; grant it the read capability there" + hint(secret);
            case 404:
                return "status 404: " + explainAbsence(reply, secret, inNamespace);
            default:
                return explainStatus(reply.status);
        }
    }

    static String explainLogin(int status) {
        switch (status) {
            case 400:
            case 401:
            case 403:
                return "status " + status + ": role id or secret id not accepted (wrong, expired or used up);"
                    + " issue a new secret id and write it to secret.id.file";
            case 404:
                return "status 404: no AppRole method there; check approle.mount and namespace";
            default:
                return explainStatus(status);
        }
    }

    /** How long the token lives, or zero when it cannot be renewed or never expires. */
    static Duration renewableLease(Map<?, ?> auth) {
        Object lease = auth.get("lease_duration");
        boolean renewable = Boolean.TRUE.equals(auth.get("renewable")) && lease instanceof Json.Numeral;
        try {
            return renewable ? Duration.ofSeconds(Integer.parseInt(((Json.Numeral) lease).text)) : Duration.ZERO;
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    // A deleted or destroyed version is a 404 whose body still has the version's metadata.
    private static String explainAbsence(VaultHttp.Reply reply, SecretReference secret, String inNamespace) {
        Object metadata = reply.objectIfJson("data").get("metadata");
        if (metadata instanceof Map) {
            boolean destroyed = Boolean.TRUE.equals(((Map<?, ?>) metadata).get("destroyed"));
            String which = secret.version == null ? "the current version" : "version " + secret.version;
            return destroyed ? which + " was destroyed; write a new version or pin another"
                : which + " was deleted; undelete it, write a new version or pin another";
        }
        String what = secret.version == null ? "no such secret" : "no such secret or no version " + secret.version;
        return what + inNamespace + "; check mount (a KV version 2 engine), path and namespace" + hint(secret);
    }

    private static String hint(SecretReference secret) {
        return secret.path.startsWith("data/") ? " (the reference is written without data/)" : "";
    }

    private static String explainStatus(int status) {
        if (status == 503) {
            return "status 503: Vault is sealed or in maintenance; unseal it, then restart the connector with its tasks";
        }
        if (status == 501) {
            return "status 501: Vault is not initialised";
        }
        if (status == 429 || status == 472 || status == 473) {
            return "status " + status + ": this Vault node takes no request now (rate limit or standby);"
                + " try again, or let address name the active node";
        }
        if (status >= 300 && status < 400) {
            return "status " + status + ": Vault redirects, which is not followed; let address name the active node";
        }
        if (status >= 500) {
            return "status " + status + ": Vault or a proxy before it failed; see its log, then try again";
        }
        return "status " + status + ": Vault refused the request; check address, namespace and mount, and see its log";
    }
}
