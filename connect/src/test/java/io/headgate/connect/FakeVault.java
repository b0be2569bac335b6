package io.headgate.connect;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Stands where Vault's HTTP API would and answers what a test tells it to; no answer told is Vault's empty 404. */
final class FakeVault implements AutoCloseable {
    static final class Request {
        final String line;
        final Headers headers;
        final String body;

        private Request(String line, Headers headers, String body) {
            this.line = line;
            this.headers = headers;
            this.body = body;
        }

        String token() {
            return headers.getFirst("X-Vault-Token");
        }
    }

    static final class Answer {
        final int status;
        final String body;

        Answer(int status, String body) {
            this.status = status;
            this.body = body;
        }
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Function<Request, Answer>> answers = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    FakeVault() throws IOException {
        this(HttpServer.create());
    }

    FakeVault(HttpServer unbound) throws IOException {
        server = unbound;
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            Request request = new Request(exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                exchange.getRequestHeaders(),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            Answer answer = answers.getOrDefault(request.line, any -> new Answer(404, "{\"errors\":[]}")).apply(request);
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void on(String line, Function<Request, Answer> answer) {
        answers.put(line, answer);
    }

    void on(String line, int status, String body) {
        on(line, request -> new Answer(status, body));
    }

    /** Answers only to one token, as Vault does: 403 to every other. */
    void onToken(String token, String line, int status, String body) {
        on(line, request -> token.equals(request.token()) ? new Answer(status, body) : denied());
    }

    /** Never answers while the test runs. */
    void hangOn(String line) {
        on(line, request -> {
            await(closing);
            return denied();
        });
    }

    long count(String line) {
        return requests.stream().filter(request -> request.line.equals(line)).count();
    }

    static Answer denied() {
        return new Answer(403, "{\"errors\":[\"1 error occurred: permission denied\"]}");
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
