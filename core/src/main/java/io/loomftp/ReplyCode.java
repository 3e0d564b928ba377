package io.loomftp;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The reply codes that the RFCs name. What is expected of a reply is decided by its first digit alone (RFC 1123 section
 * 4.1.2.11); the names are there to be read.
 */
public enum ReplyCode {
  /** 110 (RFC 959). */
  RESTART_MARKER(110),
  /** 120 (RFC 959): service ready in some minutes. */
  READY_LATER(120),
  /** 125 (RFC 959): data connection already open, transfer starting. */
  TRANSFER_STARTING(125),
  /** 150 (RFC 959): file status okay, about to open the data connection. */
  FILE_STATUS_OKAY(150),
  /** 200 (RFC 959). */
  COMMAND_OKAY(200),
  /** 202 (RFC 959): not needed at this site. */
  SUPERFLUOUS(202),
  /** 211 (RFC 959): system status, also FEAT (RFC 2389). */
  SYSTEM_STATUS(211),
  /** 212 (RFC 959). */
  DIRECTORY_STATUS(212),
  /** 213 (RFC 959): file status, also SIZE and MDTM (RFC 3659). */
  FILE_STATUS(213),
  /** 214 (RFC 959). */
  HELP_MESSAGE(214),
  /** 215 (RFC 959). */
  SYSTEM_TYPE(215),
  /** 220 (RFC 959). */
  SERVICE_READY(220),
  /** 221 (RFC 959). */
  SERVICE_CLOSING(221),
  /** 225 (RFC 959). */
  DATA_CONNECTION_OPEN(225),
  /** 226 (RFC 959). */
  CLOSING_DATA_CONNECTION(226),
  /** 227 (RFC 959). */
  ENTERING_PASSIVE_MODE(227),
  /** 229 (RFC 2428). */
  ENTERING_EXTENDED_PASSIVE_MODE(229),
  /** 230 (RFC 959). */
  LOGGED_IN(230),
  /** 232 (RFC 2228): logged in by the security exchange. */
  LOGGED_IN_BY_SECURITY_EXCHANGE(232),
  /** 234 (RFC 4217): the TLS negotiation may start. */
  SECURITY_EXCHANGE_COMPLETE(234),
  /** 250 (RFC 959). */
  FILE_ACTION_OKAY(250),
  /** 257 (RFC 959). */
  PATH_CREATED(257),
  /** 331 (RFC 959). */
  NEED_PASSWORD(331),
  /** 332 (RFC 959). */
  NEED_ACCOUNT(332),
  /** 350 (RFC 959). */
  REQUESTED_FILE_PENDING(350),
  /** 421 (RFC 959). */
  SERVICE_NOT_AVAILABLE(421),
  /** 425 (RFC 959). */
  CANNOT_OPEN_DATA_CONNECTION(425),
  /** 426 (RFC 959). */
  TRANSFER_ABORTED(426),
  /** 431 (RFC 2228). */
  SECURITY_UNAVAILABLE(431),
  /** 450 (RFC 959). */
  FILE_UNAVAILABLE_NOW(450),
  /** 451 (RFC 959). */
  LOCAL_ERROR(451),
  /** 452 (RFC 959). */
  INSUFFICIENT_STORAGE(452),
  /** 500 (RFC 959). */
  UNKNOWN_COMMAND(500),
  /** 501 (RFC 959). */
  BAD_ARGUMENT(501),
  /** 502 (RFC 959). */
  NOT_IMPLEMENTED(502),
  /** 503 (RFC 959). */
  BAD_SEQUENCE(503),
  /** 504 (RFC 959). */
  NOT_IMPLEMENTED_FOR_ARGUMENT(504),
  /** 521 (RFC 2228, RFC 1846). */
  DATA_PROTECTION_NEEDED(521),
  /** 522 (RFC 2428, also used for a TLS session that was not reused). */
  PROTOCOL_NOT_SUPPORTED(522),
  /** 530 (RFC 959). */
  NOT_LOGGED_IN(530),
  /** 532 (RFC 959). */
  NEED_ACCOUNT_FOR_STORING(532),
  /** 534 (RFC 2228). */
  DENIED_FOR_POLICY(534),
  /** 536 (RFC 2228). */
  PROTECTION_LEVEL_NOT_SUPPORTED(536),
  /** 550 (RFC 959). */
  FILE_UNAVAILABLE(550),
  /** 551 (RFC 959). */
  PAGE_TYPE_UNKNOWN(551),
  /** 552 (RFC 959). */
  STORAGE_EXCEEDED(552),
  /** 553 (RFC 959). */
  NAME_NOT_ALLOWED(553);

  private static final Map<Integer, ReplyCode> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ReplyCode::code, Function.identity()));

  private final int code;

  ReplyCode(int code) {
    this.code = code;
  }

  /** The three digits. */
  public int code() {
    return code;
  }

  /** The name of a code, empty when no RFC gives it one. */
  public static Optional<ReplyCode> of(int code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }
}
