package io.headgate.connect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The path of a secret in a KV version 2 engine, written {@code MOUNT/PATH} or {@code MOUNT/PATH?version=N}. */
final class SecretReference {
    private static final Pattern VERSION = Pattern.compile("version=([1-9][0-9]{0,8})");
    private static final String FORM = "write ${vault:MOUNT/PATH:KEY} or ${vault:MOUNT/PATH?version=N:KEY}";

    final String mount;
    final String path;
    final Integer version;

    private SecretReference(String mount, String path, Integer version) {
        this.mount = mount;
        this.path = path;
        this.version = version;
    }

    static SecretReference parse(String text) {
        if (text == null || text.isEmpty()) {
            throw new VaultException("the reference has no path: " + FORM);
        }
        int question = text.indexOf('?');
        String location = question < 0 ? text : text.substring(0, question);
        List<String> segments = List.of(location.split("/", -1));
        if (segments.size() < 2 || segments.stream().anyMatch(SecretReference::isUnusable)) {
            throw new VaultException("'" + text + "' is not a mount and a path: " + FORM);
        }
        return new SecretReference(segments.get(0), location.substring(location.indexOf('/') + 1),
            question < 0 ? null : version(text.substring(question + 1), text));
    }

    // Servers and proxies resolve dot segments, which would leave the allowed prefixes.
    private static boolean isUnusable(String segment) {
        return segment.isBlank() || segment.equals(".") || segment.equals("..")
            || segment.chars().anyMatch(Character::isISOControl);
    }

    private static Integer version(String query, String text) {
        Matcher matcher = VERSION.matcher(query);
        if (!matcher.matches()) {
            throw new VaultException("'" + text + "' may carry only ?version=N with N of 1 or more: " + FORM);
        }
        return Integer.valueOf(matcher.group(1));
    }

    /** True when the secret is the prefix itself or lies below it, counted in whole segments. */
    boolean isWithin(String prefix) {
        String whole = prefix.endsWith("/") ? prefix : prefix + "/";
        return (mount + "/" + path + "/").startsWith(whole);
    }

    String apiPath() {
        String encoded = List.of(path.split("/")).stream().map(SecretReference::encode).collect(Collectors.joining("/"));
        return encode(mount) + "/data/" + encoded + (version == null ? "" : "?version=" + version);
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return mount + "/" + path + (version == null ? "" : "?version=" + version);
    }
}
