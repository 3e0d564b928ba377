package io.loomftp.internal.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of real servers: command, reply, kind, and whether the code alone decides it. */
class ReplyClassifierTest {
  private static Reply reply(String line) {
    return Reply.of(Integer.parseInt(line.substring(0, 3)), line.substring(4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
          // vsftpd says as little as it can
          "RETR | 550 Failed to open file.                                  | NOT_FOUND   | false",
          "CWD  | 550 Failed to change directory.                           | NOT_FOUND   | false",
          "SIZE | 550 Could not get file size.                              | NOT_FOUND   | false",
          "MDTM | 550 Could not get file modification time.                 | NOT_FOUND   | false",
          "DELE | 550 Delete operation failed.                              | NOT_FOUND   | false",
          "RMD  | 550 Remove directory operation failed.                    | DENIED      | false",
          "MKD  | 550 Create directory operation failed.                    | DENIED      | false",
          "STOR | 553 Could not create file.                                | DENIED      | true",
          "STOR | 550 Permission denied.                                    | DENIED      | false",
          "RNFR | 550 RNFR command failed.                                  | NOT_FOUND   | false",
          "RNTO | 550 Rename failed.                                        | DENIED      | false",
          "RETR | 425 Use PORT or PASV first.                               | CONNECT     | true",
          "RETR | 522 SSL connection failed; session reuse required: see require_ssl_reuse option in vsftpd.conf man page | TLS | false",
          "STOR | 451 Failure writing to local file.                        | BUSY        | true",
          "LIST | 530 Please login with USER and PASS.                      | DENIED      | true",
          // ProFTPD writes the name and the C library's text
          "RETR | 550 a.txt: No such file or directory                      | NOT_FOUND   | false",
          "RETR | 550 a.txt: Permission denied                              | DENIED      | false",
          "RETR | 550 pub: Not a regular file                               | OTHER       | false",
          "STOR | 550 a.txt: Operation not permitted                        | DENIED      | false",
          "STOR | 553 a.txt: Permission denied                              | DENIED      | false",
          "STOR | 552 Transfer aborted. Disk quota exceeded                 | QUOTA       | true",
          "STOR | 426 Transfer aborted. No space left on device             | QUOTA       | false",
          "MKD  | 550 pub: File exists                                      | EXISTS      | false",
          "RMD  | 550 pub: Directory not empty                              | OTHER       | false",
          "CWD  | 550 a.txt: Not a directory                                | OTHER       | false",
          "STOR | 550 a.txt: Read-only file system                          | DENIED      | false",
          "RETR | 522 Session reuse required                                | TLS         | false",
          "PBSZ | 503 PBSZ not allowed on insecure control connection       | DENIED      | false",
          "SITE | 500 'SITE UTIME' not understood                           | UNSUPPORTED | true",
          "MLSD | 501 'pub' is not a directory                              | UNSUPPORTED | true",
          "RNTO | 550 Rename a.txt: Cross-device link                       | DENIED      | false",
          // Pure-FTPd
          "CWD  | 550 Can't change directory to pub: No such file or directory | NOT_FOUND | false",
          "RETR | 550 Can't open a.txt: No such file or directory           | NOT_FOUND   | false",
          "SIZE | 550 Can't check for file existence                        | NOT_FOUND   | false",
          "STOR | 553 Can't open that file: Permission denied               | DENIED      | false",
          "STOR | 552 Quota exceeded: [a.txt] won't be saved                | QUOTA       | true",
          "DELE | 550 Could not delete a.txt: No such file or directory     | NOT_FOUND   | false",
          "MKD  | 550 Can't create directory: File exists                   | EXISTS      | false",
          "RETR | 450 Can't open a.txt: Resource temporarily unavailable    | BUSY        | true",
          "RETR | 550 I can only retrieve regular files                     | NOT_FOUND   | false",
          // IIS
          "RETR | 550 The system cannot find the file specified.            | NOT_FOUND   | false",
          "CWD  | 550 The system cannot find the path specified.            | NOT_FOUND   | false",
          "RETR | 550 Access is denied.                                     | DENIED      | false",
          "MKD  | 550 Cannot create a file when that file already exists.   | EXISTS      | false",
          "RMD  | 550 The directory is not empty.                           | OTHER       | false",
          "STOR | 550 The process cannot access the file because it is being used by another process. | BUSY | false",
          "STOR | 550 There is not enough space on the disk.                | QUOTA       | false",
          "RETR | 534 Policy requires SSL.                                  | TLS         | true",
          "LIST | 550 SSL/TLS required on the data channel                  | TLS         | false",
          "CWD  | 550 The filename, directory name, or volume label syntax is incorrect. | NOT_FOUND | false",
          // FileZilla Server, the old and the new
          "RETR | 550 File not found                                        | NOT_FOUND   | false",
          "CWD  | 550 CWD failed. \"/pub\": directory not found.              | NOT_FOUND   | false",
          "MKD  | 550 Directory already exists                              | EXISTS      | false",
          "RMD  | 550 Directory not empty.                                  | OTHER       | false",
          "STOR | 550 can't access file.                                    | DENIED      | false",
          "RETR | 550 Couldn't open the file                                | NOT_FOUND   | false",
          "RETR | 550 Permission denied                                     | DENIED      | false",
          "LIST | 425 Unable to build data connection: TLS session of data connection not resumed. | TLS | false",
          "RETR | 521 PROT P required                                       | TLS         | false",
          // z/OS
          "RETR | 550 Data set USER.PDS(A) not found                        | NOT_FOUND   | false",
          "LIST | 550 No data sets found.                                   | NOT_FOUND   | false",
          "NLST | 550 No members found.                                     | NOT_FOUND   | false",
          "RETR | 550 Request nonexistent member USER.PDS(A) to be sent.    | NOT_FOUND   | false",
          "STOR | 550 User ALICE is not RACF authorized to write USER.DATA  | DENIED      | false",
          "STOR | 451 Transfer aborted: file exceeds maximum space, D37 abend | QUOTA     | false",
          "RETR | 450 Data set USER.DATA is in use by another job           | BUSY        | true",
          "CWD  | 501 A qualifier in 'ABC.DEFGHIJKL' exceeds 8 characters   | UNSUPPORTED | true",
          // IBM i
          "CWD  | 550 Specified directory does not exist or cannot be accessed. | NOT_FOUND | false",
          "RETR | 550 File FILE in library LIB not found.                   | NOT_FOUND   | false",
          "STOR | 550 Not authorized to object FILE in library LIB.         | DENIED      | false",
          "STOR | 450 Object in use.                                        | BUSY        | true",
          // wu-ftpd and the BSDs
          "RETR | 550 a.txt: not a plain file.                              | OTHER       | false",
          "MKD  | 521 \"/pub\" directory exists                               | EXISTS      | false",
          "STOR | 452 Error writing file: No space left on device.          | QUOTA       | true",
          "STOR | 553 a.txt: Permission denied on server. (Upload dirs)     | DENIED      | false",
          "RETR | 550 a.txt is marked unretrievable                         | NOT_FOUND   | false",
          // Serv-U
          "RETR | 550 /a.txt: No such file.                                 | NOT_FOUND   | false",
          "STOR | 550 Cannot STOR. No permission.                           | DENIED      | false",
          "STOR | 552 Not enough disk quota.                                | QUOTA       | true",
          "STOR | 553 /a.txt: File already exists.                          | EXISTS      | false",
          // Titan
          "RETR | 550 Could not open /a.txt: access denied                  | DENIED      | false",
          "STOR | 552 Exceeded storage allocation                           | QUOTA       | true",
          "CWD  | 550 Requested action not taken. Path not found.           | NOT_FOUND   | false",
          // CrushFTP
          "RETR | 550 /a.txt: The system cannot find the file specified.    | NOT_FOUND   | false",
          "DELE | 550 File \"a.txt\" not found, or access denied.              | NOT_FOUND   | false",
          "STOR | 550 STOR error: You do not have permission to upload.     | DENIED      | false",
          "STOR | 550-WARNING! You are out of quota space.                  | QUOTA       | false",
          // Synology
          "STOR | 550 Disk full - please upload later!                      | QUOTA       | false",
          "STOR | 553 Permission denied.                                    | DENIED      | false",
          "RETR | 550 No such file or directory                             | NOT_FOUND   | false",
          "CWD  | 550 Can't find share folder.                              | NOT_FOUND   | false",
          // any server
          "MLSD | 502 Command not implemented.                              | UNSUPPORTED | true",
          "TYPE | 504 Command not implemented for that parameter.           | UNSUPPORTED | true",
          "PROT | 536 PROT level not supported.                             | TLS         | true",
          "EPRT | 522 Network protocol not supported, use (1)               | UNSUPPORTED | true",
          "STOR | 532 Need account for storing files.                       | DENIED      | true",
          "RETR | 450 Try again later.                                      | BUSY        | true",
          "REST | 554 Requested action not taken: invalid REST parameter    | OTHER       | false",
          "LIST | 550 Too many open files                                   | BUSY        | false"
      })
  void aRefusalMeans(String verb, String reply, ErrorKind kind, boolean certain) {
    assertEquals(new ReplyClassifier(kind, certain), ReplyClassifier.of(verb, reply(reply)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
          "LIST | 226 Transfer done (but failed to open directory).       | DENIED",
          "NLST | 226 Transfer done (but failed to open directory).       | DENIED",
          "MLSD | 226 Output truncated to 10000 matches                   | TRUNCATED",
          "LIST | 226 Listing incomplete                                  | TRUNCATED",
          "LIST | 226 Transfer complete.                                  |",
          "LIST | 226 List of truncated/a.txt sent                        |",
          "RETR | 226 Output truncated to 10000 matches                   |",
          "STOR | 426 Connection closed; transfer aborted.                | BUSY"
      })
  void theEndOfATransferMeans(String verb, String reply, ErrorKind kind) {
    assertEquals(Optional.ofNullable(kind), ReplyClassifier.ofEnd(verb, reply(reply)).map(ReplyClassifier::kind));
  }

  @ParameterizedTest
  @ValueSource(strings = {"226-Options: -l \n226 Output truncated to 10 matches"})
  void theLastLineOfSeveralCounts(String lines) {
    Reply reply = new Reply(226, List.of("Options: -l ", "Output truncated to 10 matches"));
    assertEquals(ErrorKind.TRUNCATED, ReplyClassifier.ofEnd("LIST", reply).orElseThrow().kind(), lines);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"550 No members found.", "550 No data sets found.", "450 No files found", "550 No files found in /pub",
          "550 Directory is empty", "550 empty directory"})
  void aListingIsEmpty(String reply) {
    assertTrue(ReplyClassifier.isEmptyListing(reply(reply)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"550 No such file or directory", "550 Failed to open directory.", "500 No files found", "550 No."})
  void aRefusalIsNoEmptyListing(String reply) {
    assertFalse(ReplyClassifier.isEmptyListing(reply(reply)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"550 Failed to change directory.", "550 a: Not a directory", "550 a: Permission denied",
      "250 not found"})
  void aRefusalDoesNotProveThatNothingIsThere(String reply) {
    assertFalse(ReplyClassifier.saysMissing(reply(reply)));
  }
}
