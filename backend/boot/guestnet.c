/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets up the guest's network with its name server and file server. */
#include "boot/guestnet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "boot/bridge.h"
#include "boot/dhcp.h"
#include "boot/dns.h"
#include "boot/http.h"
#include "boot/relay.h"
#include "choice/facts.h"
#include "proc/netspace.h"
#include "proc/proc.h"

#include "base/banned.h"

enum { PORT_DNS = 53, PORT_HTTP = 8080, PORT_FORWARD = 2222, PORT_VNC = 5900, PORT_DHCP = 67 };

/* ---- layout ---- */

struct layout {
	uint32_t net, mask, host, nameserver, guest; /* host byte order */
	unsigned bits;
};

static bool parse_address(const char *s, uint32_t *address, unsigned *bits)
{
	char word[INET_ADDRSTRLEN];
	size_t len = s ? strcspn(s, "/ ") : 0;
	struct in_addr in;

	if (!len || len >= sizeof word)
		return false;
	memcpy(word, s, len);
	word[len] = '\0';
	if (inet_pton(AF_INET, word, &in) != 1)
		return false;
	*address = ntohl(in.s_addr);
	*bits = s[len] == '/' ? (unsigned)strtoul(s + len + 1, NULL, 10) : 32;
	return true;
}

static bool is_inside(const struct layout *l, uint32_t address)
{
	return (address & l->mask) == l->net && address != l->net && address != (l->net | ~l->mask);
}

/* The first unused address of the network, from `start` on. */
static uint32_t free_address(const struct layout *l, uint32_t start)
{
	for (uint32_t a = l->net + start; is_inside(l, a); a++)
		if (a != l->guest && a != l->host)
			return a;
	return l->net + 1;
}

/* A guest with a fixed address gets a network around that address, with its gateway as the host. */
static bool fixed_layout(struct facts *facts, struct layout *l)
{
	const char *dns = facts_get(facts, "dns");
	uint32_t address;
	unsigned bits;

	if (!parse_address(facts_get(facts, "address"), &l->guest, &l->bits) || l->bits < 8 ||
		l->bits > 29)
		return false;
	l->mask = ~0U << (32 - l->bits);
	l->net = l->guest & l->mask;
	if (!is_inside(l, l->guest))
		return false;
	if (parse_address(facts_get(facts, "gateway"), &address, &bits) && is_inside(l, address) &&
		address != l->guest)
		l->host = address;
	else
		l->host = free_address(l, 2);
	if (parse_address(dns, &address, &bits) && is_inside(l, address) && address != l->guest &&
		address != l->host)
		l->nameserver = address;
	else
		l->nameserver = free_address(l, 3);
	return l->nameserver != l->host;
}

static void set_address(struct facts *facts, const char *name, uint32_t address, unsigned bits)
{
	struct in_addr in = {htonl(address)};
	char s[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &in, s, sizeof s);
	if (bits)
		facts_set(facts, name, "%s/%u", s, bits);
	else
		facts_set(facts, name, "%s", s);
}

void guestnet_layout(struct facts *facts)
{
	/* the layout of QEMU's user network for twenty years */
	static const struct layout usual = {
		0x0a000200, 0xffffff00, 0x0a000202, 0x0a000203, 0x0a00020f, 24};
	struct layout l = usual;
	const char *network = facts_get(facts, "network");

	if (network && strcmp(network, "static") == 0 && !fixed_layout(facts, &l))
		l = usual;
	set_address(facts, "net", l.net, l.bits);
	set_address(facts, "host", l.host, 0);
	set_address(facts, "nameserver", l.nameserver, 0);
	set_address(facts, "guest", l.guest, 0);
	/* 2001:db8::/32 is for examples (RFC 3849): nobody else answers there */
	facts_set(facts, "net6", "2001:db8:62:6f");
	facts_set(facts, "host6", "2001:db8:62:6f::2");
}

/* ---- servers ---- */

static int bound_socket(int type, uint32_t address, unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(address)};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
		(type == SOCK_DGRAM || listen(fd, HTTP_CONNECTIONS) == 0))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The emulator forwards what the guest sends to its host's address to ::1. */
static int bound_socket6(unsigned port)
{
	struct sockaddr_in6 at = {.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
		listen(fd, HTTP_CONNECTIONS) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool open_dns(struct guestnet *n, uint32_t address, struct error *err)
{
	int on = 1;

	n->dns = bound_socket(SOCK_DGRAM, address, PORT_DNS);
	if (n->dns < 0 || setsockopt(n->dns, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0)
		return error_errno(err, "the test boot's name server cannot be started");
	return true;
}

static bool open_http(struct guestnet *n, const char *word, unsigned *port, struct error *err)
{
	uint32_t bridged;
	unsigned bits;
	int fd = n->bridge.tap >= 0 && parse_address(n->bridged, &bridged, &bits)
			 ? bound_socket(SOCK_STREAM, bridged, 0)
			 : bound_socket(SOCK_STREAM, n->sealed ? INADDR_ANY : INADDR_LOOPBACK,
				   n->sealed ? PORT_HTTP : 0);
	struct sockaddr_in at = {0};
	socklen_t len = sizeof at;

	if (fd < 0 || getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		return error_errno(err, "the test boot's file server cannot be started");
	*port = ntohs(at.sin_port);
	http_init(&n->http, fd, arena_fmt(&n->arena, "/%s", word),
		arena_fmt(&n->arena, "file-%s\n", word));
	return true;
}

/* The same file over IPv6. A machine without IPv6 has no such server; that is not a failure. */
static void open_http6(struct guestnet *n, struct facts *facts)
{
	int fd = bound_socket6(n->sealed ? PORT_HTTP : 0);
	struct sockaddr_in6 at = {0};
	socklen_t len = sizeof at;

	if (fd >= 0 && getsockname(fd, (struct sockaddr *)&at, &len) < 0) {
		close(fd);
		fd = -1;
	}
	http_init(&n->http6, fd, n->http.path, n->http.body);
	facts_set(facts, "host-ipv6", fd >= 0 ? "yes" : "no");
	facts_set(facts, "url6", "http://[%s]:%u%s", facts_get(facts, "host6"), ntohs(at.sin6_port),
		n->http.path);
}

static bool seal(struct guestnet *n, const char *folder, struct error *err)
{
	static const char resolver[] = "nameserver 127.0.0.1\n";
	const char *path = arena_fmt(&n->arena, "%s/resolv.conf", folder);

	if (!place_write_file(path, resolver, sizeof resolver - 1, err))
		return false;
	n->sealed = netspace_possible(path);
	return !n->sealed || (netspace_enter(path, err) && open_dns(n, INADDR_ANY, err));
}

static void lease_address(const struct facts *facts, const char *name, uint8_t into[4])
{
	uint32_t address = 0;
	unsigned bits;

	if (parse_address(facts_get(facts, name), &address, &bits))
		for (int i = 0; i < 4; i++)
			into[i] = (uint8_t)(address >> (24 - 8 * i));
}

static bool open_dhcp(struct guestnet *n, struct error *err)
{
	int on = 1;

	n->dhcp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (n->dhcp < 0 || setsockopt(n->dhcp, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) < 0 ||
		setsockopt(n->dhcp, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
		setsockopt(n->dhcp, SOL_SOCKET, SO_BINDTODEVICE, n->bridge.name,
			(socklen_t)strlen(n->bridge.name)) < 0 ||
		bind(n->dhcp,
			(struct sockaddr *)&(struct sockaddr_in){.sin_family = AF_INET,
				.sin_port = htons(PORT_DHCP),
				.sin_addr.s_addr = htonl(INADDR_ANY)},
			sizeof(struct sockaddr_in)) < 0)
		return error_errno(err, "the test boot's DHCP server cannot be started");
	return true;
}

/* A bridge outside, and what answers on it. */
static bool open_bridge(struct guestnet *n, struct facts *facts, struct error *err)
{
	uint32_t net = 0, nameserver = 0;
	unsigned bits = 0, none;

	parse_address(facts_get(facts, "net"), &net, &bits);
	parse_address(facts_get(facts, "nameserver"), &nameserver, &none);
	n->bridged = arena_str(&n->arena, facts_get(facts, "host"));
	if (!bridge_make(
		    &n->bridge, getppid(), n->bridged, facts_get(facts, "nameserver"), bits, err))
		return false;
	facts_set(facts, "tap-fd", "%d", n->bridge.tap);
	facts_set(facts, "bridge", "%s", n->bridge.name);
	lease_address(facts, "guest", n->lease.guest);
	lease_address(facts, "host", n->lease.host);
	lease_address(facts, "nameserver", n->lease.nameserver);
	for (unsigned i = 0; i < 4; i++)
		n->lease.mask[i] = (uint8_t)((~0U << (32 - bits)) >> (24 - 8 * i));
	return open_dns(n, nameserver, err) && open_dhcp(n, err);
}

/* Can this machine itself resolve a name? Asks in a child, because the resolver may be slow: it gets 4 seconds. */
static bool resolves(const char *name)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		struct addrinfo *list;

		proc_reset_signals();
		alarm(4);
		_exit(getaddrinfo(name, NULL, NULL, &list) == 0 ? 0 : 1);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return child > 0 && status == 0;
}

/* Tells the checks what to expect. 192.0.2.0/24 is for examples (RFC 5737): nobody else answers there. */
static void tell(struct guestnet *n, struct facts *facts, const char *word, unsigned port)
{
	unsigned last = 1 + (unsigned)(strtoull(word, NULL, 16) % 250);

	memcpy(n->address, (const uint8_t[]){192, 0, 2, (uint8_t)last}, 4);
	bool ours = n->sealed || n->bridge.tap >= 0;

	n->name = ours ? "hello.bootsmith.test" : "example.org";
	facts_set(facts, "sealed", ours ? "yes" : "no");
	facts_set(facts, "resolver", ours || resolves(n->name) ? "yes" : "no");
	facts_set(facts, "dns-name", "%s", n->name);
	facts_set(facts, "dns-address", "192.0.2.%u", last);
	facts_set(facts, "url", "http://%s:%u/%s", facts_get(facts, "host"), port, word);
	facts_set(facts, "token", "file-%s", word);
}

void guestnet_init(struct guestnet *n)
{
	*n = (struct guestnet){.dns = -1, .dhcp = -1};
	bridge_init(&n->bridge);
	http_init(&n->http, -1, "", "");
	http_init(&n->http6, -1, "", "");
}

/* "NAME", "NAME PORT" or "NAME PORT!" */
static bool open_forward(struct guestnet *n, struct facts *facts, const char *wish, unsigned usual,
	struct error *err)
{
	const char *name = arena_strn(&n->arena, wish, strcspn(wish, " "));
	const char *port = strchr(wish, ' ');
	unsigned long wanted = port ? strtoul(port, NULL, 10) : usual;
	struct relay *r = &n->forwards[n->n_forwards++];

	relay_init(r);
	if (!relay_open(r, (uint16_t)wanted, err))
		return false;
	if (strchr(wish, '!') && r->port != wanted)
		return error_set(err, ERROR_HOST,
			"port %lu of this machine is in use, or not yours to open; take another one in front of the colon",
			wanted);
	facts_set(facts, arena_fmt(&n->arena, "port.%s", name), "%u", r->port);
	facts_set(facts, arena_fmt(&n->arena, "display.%s", name), "%d", r->port - PORT_VNC);
	return true;
}

static bool open_forwards(
	struct guestnet *n, struct facts *facts, const struct strings *wishes, struct error *err)
{
	if (wishes->n > GUESTNET_FORWARDS)
		return error_set(err, ERROR_USAGE, "at most %d ports can lead to the guest",
			GUESTNET_FORWARDS);
	for (size_t i = 0; i < wishes->n; i++)
		if (!open_forward(n, facts, wishes->at[i], PORT_FORWARD + (unsigned)i, err))
			return false;
	return true;
}

bool guestnet_open(struct guestnet *n, enum link link, struct facts *facts,
	const struct strings *forwards, const char *folder, const char *word, struct error *err)
{
	unsigned port = 0;

	guestnet_init(n);
	guestnet_layout(facts);
	if (!open_forwards(n, facts, forwards, err) ||
		(link == LINK_TAP && !open_bridge(n, facts, err)) ||
		(link == LINK_USER && !seal(n, folder, err)) || !open_http(n, word, &port, err))
		return false;
	/* without a network of its own the emulator itself listens on the outside's ports */
	for (size_t i = 0; !n->sealed && i < n->n_forwards; i++)
		relay_leave(&n->forwards[i]);
	open_http6(n, facts);
	tell(n, facts, word, port);
	return true;
}

void guestnet_release(struct guestnet *n)
{
	for (size_t i = 0; i < n->n_forwards; i++)
		relay_release(&n->forwards[i]);
	if (n->dns >= 0)
		close(n->dns);
	n->dns = -1;
	if (n->dhcp >= 0)
		close(n->dhcp);
	n->dhcp = -1;
	bridge_release(&n->bridge);
	http_release(&n->http);
	http_release(&n->http6);
	arena_release(&n->arena);
}

size_t guestnet_poll(const struct guestnet *n, struct pollfd *fds)
{
	size_t count = http_poll(&n->http, fds);

	for (size_t i = 0; i < n->n_forwards; i++)
		count += relay_poll(&n->forwards[i], fds + count);
	count += http_poll(&n->http6, fds + count);
	if (n->dns >= 0)
		fds[count++] = (struct pollfd){.fd = n->dns, .events = POLLIN};
	if (n->dhcp >= 0)
		fds[count++] = (struct pollfd){.fd = n->dhcp, .events = POLLIN};
	return count;
}

/* Answers one question from the address it was sent to, whichever that was. */
static bool answer_one(struct guestnet *n)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control;
	uint8_t question[1500], answer[DNS_ANSWER];
	struct sockaddr_in from;
	struct iovec part = {question, sizeof question};
	struct msghdr message = {.msg_name = &from,
		.msg_namelen = sizeof from,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};
	struct in_pktinfo *info;
	struct cmsghdr *header;
	ssize_t got = recvmsg(n->dns, &message, 0);

	if (got < 0)
		return errno == EINTR;
	part.iov_base = answer;
	part.iov_len = dns_answer(question, (size_t)got, n->name, n->address, answer);
	if (!part.iov_len)
		return true;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
		info = (struct in_pktinfo *)(void *)CMSG_DATA(header);
		info->ipi_spec_dst = info->ipi_addr;
		info->ipi_ifindex = 0;
	}
	n->asked++;
	return sendmsg(n->dns, &message, 0) >= 0;
}

/* To everybody on the bridge, because the guest has no address yet. */
static bool lease_one(struct guestnet *n)
{
	struct sockaddr_in all = {.sin_family = AF_INET,
		.sin_port = htons(PORT_DHCP + 1),
		.sin_addr.s_addr = htonl(INADDR_BROADCAST)};
	uint8_t question[1500], answer[DHCP_ANSWER];
	ssize_t got = recv(n->dhcp, question, sizeof question, 0);
	size_t len = got > 0 ? dhcp_answer(question, (size_t)got, &n->lease, answer) : 0;

	if (got < 0)
		return errno == EINTR;
	return !len || sendto(n->dhcp, answer, len, 0, (struct sockaddr *)&all, sizeof all) >= 0;
}

void guestnet_serve(struct guestnet *n)
{
	for (int i = 0; n->dhcp >= 0 && i < 64 && lease_one(n); i++)
		continue;
	http_serve(&n->http);
	for (size_t i = 0; i < n->n_forwards; i++)
		relay_serve(&n->forwards[i]);
	http_serve(&n->http6);
	for (int i = 0; n->dns >= 0 && i < 64 && answer_one(n); i++)
		continue;
}
