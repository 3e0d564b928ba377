/** Futures, events and reactive streams over FTP sessions. */
module io.loomftp.async {
  requires transitive io.loomftp;
  requires org.slf4j;
  requires static org.jspecify;

  exports io.loomftp.async;
}
