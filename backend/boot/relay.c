/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accepts connections and carries bytes both ways, with one buffer for each direction. */
#include "boot/relay.h"

#include "base/error.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum { WAITING = 1 << 16 }; /* bytes that may be pending for one side */

void relay_init(struct relay *r)
{
	*r = (struct relay){.listener = -1};
	for (size_t i = 0; i < RELAY_CONNECTIONS; i++)
		for (size_t k = 0; k < 2; k++)
			r->of[i][k] = (struct relay_side){.fd = -1, .out = TEXT_INIT};
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

bool relay_open(struct relay *r, uint16_t wanted, struct error *err)
{
	struct sockaddr_in at = loopback(wanted), any = loopback(0);
	socklen_t len = sizeof at;
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool ok = fd >= 0;

	/* connections left from an earlier boot must not keep the port from this one */
	ok = ok && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
	ok = ok && (bind(fd, (struct sockaddr *)&at, sizeof at) == 0 ||
			   bind(fd, (struct sockaddr *)&any, sizeof any) == 0);
	ok = ok && listen(fd, RELAY_CONNECTIONS) == 0 &&
	     getsockname(fd, (struct sockaddr *)&at, &len) == 0;
	if (!ok) {
		error_errno(err, "no port can be opened for connections to the guest");
		if (fd >= 0)
			close(fd);
		return false;
	}
	r->listener = fd;
	r->port = ntohs(at.sin_port);
	return true;
}

void relay_leave(struct relay *r)
{
	if (r->listener >= 0)
		close(r->listener);
	r->listener = -1;
}

static void hang_up(struct relay_side pair[2])
{
	for (size_t k = 0; k < 2; k++) {
		if (pair[k].fd >= 0)
			close(pair[k].fd);
		text_release(&pair[k].out);
		pair[k] = (struct relay_side){.fd = -1, .out = TEXT_INIT};
	}
}

void relay_release(struct relay *r)
{
	for (size_t i = 0; i < RELAY_CONNECTIONS; i++)
		hang_up(r->of[i]);
	relay_leave(r);
}

static bool is_open(const struct relay_side pair[2])
{
	return pair[0].fd >= 0;
}

static bool may_hear(const struct relay_side pair[2], size_t k)
{
	return !pair[k].heard_end && pair[1 - k].out.len < WAITING;
}

size_t relay_poll(const struct relay *r, struct pollfd *fds)
{
	size_t n = 0, busy = 0;

	if (r->listener < 0)
		return 0;
	for (size_t i = 0; i < RELAY_CONNECTIONS; i++) {
		busy += is_open(r->of[i]);
		for (size_t k = 0; k < 2 && is_open(r->of[i]); k++) {
			short events = (short)((may_hear(r->of[i], k) ? POLLIN : 0) |
					       (r->of[i][k].out.len ? POLLOUT : 0));

			/* polling a side that waits for nothing would only report that it is gone */
			if (events)
				fds[n++] = (struct pollfd){.fd = r->of[i][k].fd, .events = events};
		}
	}
	if (busy < RELAY_CONNECTIONS)
		fds[n++] = (struct pollfd){.fd = r->listener, .events = POLLIN};
	return n;
}

/* Connects inside at once, without waiting: a failure to connect shows when something is sent. */
static bool go_on(struct relay_side *side, uint16_t port)
{
	struct sockaddr_in to = loopback(port);

	side->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return side->fd >= 0 &&
	       (connect(side->fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EINPROGRESS);
}

static void take_callers(struct relay *r)
{
	for (size_t i = 0; i < RELAY_CONNECTIONS; i++) {
		if (is_open(r->of[i]))
			continue;
		r->of[i][0].fd = accept4(r->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (r->of[i][0].fd < 0)
			return;
		if (!go_on(&r->of[i][1], r->port))
			hang_up(r->of[i]);
	}
}

static bool try_again(void)
{
	return errno == EAGAIN || errno == EINTR || errno == ENOTCONN || errno == EINPROGRESS;
}

/* False: the connection broke. */
static bool hear(struct relay_side pair[2], size_t k)
{
	char bytes[16384];
	ssize_t n;

	if (!may_hear(pair, k))
		return true;
	n = recv(pair[k].fd, bytes, sizeof bytes, 0);
	if (n < 0)
		return try_again();
	if (n == 0)
		pair[k].heard_end = true;
	else
		text_add(&pair[1 - k].out, bytes, (size_t)n);
	return true;
}

static bool say(struct relay_side pair[2], size_t k)
{
	struct relay_side *side = &pair[k];
	ssize_t n;

	if (!side->out.len)
		return true;
	n = send(side->fd, side->out.s, side->out.len, MSG_NOSIGNAL);
	if (n < 0)
		return try_again();
	memmove(side->out.s, side->out.s + n, side->out.len - (size_t)n + 1);
	side->out.len -= (size_t)n;
	return true;
}

/* Passes on an end of stream once everything before it has been sent. */
static bool pass_end_on(struct relay_side pair[2], size_t k)
{
	if (pair[k].heard_end && !pair[1 - k].out.len)
		shutdown(pair[1 - k].fd, SHUT_WR);
	return !(pair[0].heard_end && pair[1].heard_end && !pair[0].out.len && !pair[1].out.len);
}

static bool serve_one(struct relay_side pair[2])
{
	bool goes_on = true;

	for (size_t k = 0; goes_on && k < 2; k++)
		goes_on = hear(pair, k) && say(pair, 1 - k) && pass_end_on(pair, k);
	return goes_on;
}

void relay_serve(struct relay *r)
{
	if (r->listener < 0)
		return;
	take_callers(r);
	for (size_t i = 0; i < RELAY_CONNECTIONS; i++)
		if (is_open(r->of[i]) && !serve_one(r->of[i]))
			hang_up(r->of[i]);
}
