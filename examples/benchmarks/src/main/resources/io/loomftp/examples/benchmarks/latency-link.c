/*
 * A link with latency to the servers of this machine that listen on 127.0.0.1.
 *
 * usage: latency-link DEVICE NEAR FAR ONE_WAY_MICROSECONDS     (as root; ends at the end of its standard input)
 *
 * Creates a TUN device with the address NEAR, behind which FAR seems to be. Whatever the kernel sends to FAR comes here, waits
 * for the delay, and is handed back to the kernel as if it came from FAR for 127.0.0.1; the answers of 127.0.0.1 to FAR wait
 * as long and come back from FAR to NEAR. So every packet is delayed, those that open and close connections too, and TCP is
 * the kernel's own. The bandwidth is not limited.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define MTU 9000
#define SLOTS 32768

struct packet {
  uint64_t due;
  int length;
  unsigned char bytes[MTU];
};

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int open_device(const char *name, const char *near, const char *far) {
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (device < 0) fail("/dev/net/tun");
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(device, TUNSETIFF, &request)) fail("TUNSETIFF");
  char command[512];
  snprintf(command, sizeof command,
      "ip link set %s mtu %d txqueuelen 10000 up && ip addr add %s peer %s dev %s && "
      "echo 1 > /proc/sys/net/ipv4/conf/%s/route_localnet",
      name, MTU, near, far, name, name);
  if (system(command)) fail("setting the device up");
  return device;
}

/* Replaces four bytes at an even place, and mends the checksum that covers them (RFC 1624). */
static void replace(unsigned char *at, uint32_t value, unsigned char *checksum) {
  uint16_t old[2], fresh[2], sum;
  memcpy(old, at, 4);
  memcpy(fresh, &value, 4);
  memcpy(&sum, checksum, 2);
  memcpy(at, &value, 4);
  uint32_t all = (uint16_t)~sum;
  for (int i = 0; i < 2; i++) all += (uint16_t)~old[i] + (uint32_t)fresh[i];
  while (all >> 16) all = (all & 0xFFFF) + (all >> 16);
  sum = (uint16_t)~all;
  memcpy(checksum, &sum, 2);
}

/* An address of the IP header is in the checksums of IP and TCP. */
static void readdress(unsigned char *packet, int offset, uint32_t value) {
  unsigned char *tcp = packet + (packet[0] & 15) * 4 + 16;
  unsigned char before[4];
  memcpy(before, packet + offset, 4);
  replace(packet + offset, value, packet + 10);
  memcpy(packet + offset, before, 4);
  replace(packet + offset, value, tcp);
}

/* Whether the packet is one of TCP that is to be relayed; its addresses are changed if so. */
static int redirect(unsigned char *packet, int length, uint32_t near, uint32_t far, uint32_t server) {
  if (length < 40 || packet[0] >> 4 != 4 || packet[9] != 6 || length < (packet[0] & 15) * 4 + 20) return 0;
  uint32_t from, to;
  memcpy(&from, packet + 12, 4);
  memcpy(&to, packet + 16, 4);
  if (to != far) return 0;
  readdress(packet, 12, far);
  readdress(packet, 16, from == server ? near : server);
  return from == server || from == near;
}

int main(int count, char **words) {
  if (count != 5) {
    fprintf(stderr, "usage: latency-link DEVICE NEAR FAR ONE_WAY_MICROSECONDS\n");
    return 2;
  }
  uint64_t delay = strtoull(words[4], NULL, 10) * 1000;
  uint32_t near = inet_addr(words[2]), far = inet_addr(words[3]), server = inet_addr("127.0.0.1");
  int device = open_device(words[1], words[2], words[3]);
  struct packet *queue = malloc(sizeof(struct packet) * SLOTS);
  if (!queue) fail("malloc");
  unsigned head = 0, tail = 0;
  puts("up");
  fflush(stdout);
  for (;;) {
    while (head != tail && queue[head % SLOTS].due <= now()) {
      struct packet *p = &queue[head++ % SLOTS];
      if (write(device, p->bytes, (size_t)p->length) < 0 && errno != EAGAIN && errno != EINVAL) fail("write");
    }
    struct timespec wait = {1, 0};
    if (head != tail) {
      uint64_t at = now(), due = queue[head % SLOTS].due;
      uint64_t left = due > at ? due - at : 0;
      wait.tv_sec = (time_t)(left / 1000000000u);
      wait.tv_nsec = (long)(left % 1000000000u);
    }
    struct pollfd ready[2] = {{device, POLLIN, 0}, {0, POLLIN, 0}};
    ppoll(ready, 2, &wait, NULL);
    char ignored[64];
    if (ready[1].revents && read(0, ignored, sizeof ignored) <= 0) return 0;
    while (tail - head < SLOTS) {
      struct packet *p = &queue[tail % SLOTS];
      int length = (int)read(device, p->bytes, MTU);
      if (length <= 0) break;
      if (!redirect(p->bytes, length, near, far, server)) continue;
      p->length = length;
      p->due = now() + delay;
      tail++;
    }
  }
}
