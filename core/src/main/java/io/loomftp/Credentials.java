package io.loomftp;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The login of a user: a name, a password and, where a server asks for one, an account (USER, PASS and ACCT of RFC 959).
 * Neither the password nor the account ever appears in {@link #toString()}, logs or exceptions.
 */
public final class Credentials {
  private final String user;
  private final char[] password;
  private final @Nullable String account;

  private Credentials(String user, char[] password, @Nullable String account) {
    this.user = Objects.requireNonNull(user, "user");
    this.password = password.clone();
    this.account = account;
  }

  /** A user and a password; the array is copied and may be wiped afterwards. */
  public static Credentials of(String user, char[] password) {
    return new Credentials(user, password, null);
  }

  /** A user and a password. */
  public static Credentials of(String user, String password) {
    return new Credentials(user, password.toCharArray(), null);
  }

  /** The user {@code anonymous} with the customary password (RFC 1635). */
  public static Credentials anonymous() {
    return of("anonymous", "anonymous@");
  }

  /** The same with an account, which is sent when the server asks for it (332). */
  public Credentials withAccount(String account) {
    return new Credentials(user, password, Objects.requireNonNull(account, "account"));
  }

  /** The user name. */
  public String user() {
    return user;
  }

  /** A copy of the password. */
  public char[] password() {
    return password.clone();
  }

  /** The account, where one was given. */
  public Optional<String> account() {
    return Optional.ofNullable(account);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Credentials that
        && user.equals(that.user)
        && Arrays.equals(password, that.password)
        && Objects.equals(account, that.account);
  }

  @Override
  public int hashCode() {
    return Objects.hash(user, Arrays.hashCode(password), account);
  }

  @Override
  public String toString() {
    return "Credentials[user=" + user + ", password=***]";
  }
}
