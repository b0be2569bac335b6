package io.headgate.connect;

/** Why a secret could not be had. The message never holds a secret, a token or anything Vault wrote. */
final class VaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VaultException(String message) {
        super(message);
    }
}
