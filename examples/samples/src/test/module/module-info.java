/** A program on the module path that uses every package of LoomFTP. */
module consumer {
  requires io.loomftp.async; // brings io.loomftp along
}
