package io.headgate.connect;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Sends one request to Vault, with a deadline, and gives back what was answered. */
final class VaultHttp {
    static final class Reply {
        final int status;
        private final String body;

        private Reply(int status, String body) {
            this.status = status;
            this.body = body;
        }

        /** The object under a name of the reply, or an empty one when it is absent. */
        Map<?, ?> object(String name) {
            Object json = Json.parse(body);
            Object member = json instanceof Map ? ((Map<?, ?>) json).get(name) : null;
            return member instanceof Map ? (Map<?, ?>) member : Map.of();
        }

        /** The same for an answer that may have no body or another kind of body. */
        Map<?, ?> objectIfJson(String name) {
            try {
                return object(name);
            } catch (VaultException e) {
                return Map.of();
            }
        }
    }

    private final VaultSettings settings;
    private final HttpClient client;

    VaultHttp(VaultSettings settings) {
        this.settings = settings;
        // Redirects stay off: they would carry the token to whatever host the answer names.
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(settings.timeout)
            .version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        if (settings.trust != null) {
            builder.sslContext(settings.trust);
        }
        client = builder.build();
    }

    Reply get(String apiPath, String token) {
        return send(request(apiPath, token).GET().build());
    }

    Reply post(String apiPath, String token, String body) {
        return send(request(apiPath, token).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String apiPath, String token) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(settings.address + "/v1/" + apiPath))
            .header("X-Vault-Request", "true");
        if (token != null) {
            builder.header("X-Vault-Token", token);
        }
        if (!settings.namespace.isEmpty()) {
            builder.header("X-Vault-Namespace", settings.namespace);
        }
        return builder;
    }

    private Reply send(HttpRequest request) {
        // The client's own request timeout ends with the headers; this deadline covers a body that never ends, too.
        CompletableFuture<HttpResponse<String>> answer =
            client.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response = answer.get(settings.timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new VaultException(noAnswer());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new VaultException("interrupted while waiting for Vault at " + settings.address);
        } catch (ExecutionException e) {
            throw new VaultException(explain(e.getCause()));
        }
    }

    private String explain(Throwable failure) {
        if (failure instanceof HttpTimeoutException) {
            return noAnswer();
        }
        if (failure instanceof ConnectException) {
            return "cannot connect to Vault at " + settings.address + "; check address and that Vault runs";
        }
        if (failure instanceof SSLException) {
            return "TLS with Vault at " + settings.address + " failed (" + failure.getMessage()
                + "); check tls.ca.file and the host name in address";
        }
        return "the exchange with Vault at " + settings.address + " failed (" + failure.getClass().getSimpleName() + ")";
    }

    private String noAnswer() {
        return "Vault at " + settings.address + " gave no answer within " + settings.timeout.toMillis()
            + " ms; check that it is up, or raise timeout.ms";
    }
}
