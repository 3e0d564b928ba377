/** The FTP and FTPS protocol: blocking sessions, pools, mirrors and watches. */
module io.loomftp {
  requires jdk.net;
  requires org.apache.commons.io;
  requires org.slf4j;
  requires static jdk.jfr;
  requires static org.jspecify;

  exports io.loomftp;
  exports io.loomftp.mirror;
  exports io.loomftp.pool;
  exports io.loomftp.watch;
}
