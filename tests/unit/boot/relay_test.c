/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way into the guest's network. The relay connects to the port with its own number, so inside one network a second address of
 * the loopback device plays the "outside": the test changes the listener's number by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "boot/relay.h"

static struct relay relay;
static int server; /* what listens inside */
static uint16_t outside;

static int listener(uint16_t *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static int set_up(void **state)
{
	struct error err;
	uint16_t inside;

	(void)state;
	server = listener(&inside);
	relay_init(&relay);
	if (!relay_open(&relay, 0, &err))
		return 1;
	outside = relay.port;
	relay.port = inside;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	relay_release(&relay);
	close(server);
	return 0;
}

static int call(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons(outside),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* Serves until nothing happens any more. */
static void serve(void)
{
	struct pollfd fds[RELAY_FDS];

	while (poll(fds, relay_poll(&relay, fds), 20) > 0)
		relay_serve(&relay);
}

static int answer_call(void)
{
	int fd;

	serve();
	fd = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void expect(int fd, const char *s)
{
	char bytes[100] = "";

	serve();
	assert_int_equal(recv(fd, bytes, sizeof bytes - 1, 0), strlen(s));
	assert_string_equal(bytes, s);
}

static void say(int fd, const char *s)
{
	assert_int_equal(send(fd, s, strlen(s), MSG_NOSIGNAL), strlen(s));
}

static void test_both_ways(void **state)
{
	int client = call(), guest = answer_call();

	(void)state;
	say(client, "hello");
	expect(guest, "hello");
	say(guest, "yes?");
	expect(client, "yes?");
	/* one side has finished sending; the other continues */
	shutdown(client, SHUT_WR);
	expect(guest, "");
	say(guest, "last words");
	expect(client, "last words");
	close(guest);
	expect(client, "");
	close(client);
	assert_int_equal(relay.of[0][0].fd, -1);
}

/* Data that nobody reads does not pile up, and none of it is lost. */
static void test_slow_side(void **state)
{
	int client = call(), guest = answer_call();
	static char bytes[1 << 16], got[1 << 16];
	size_t sent = 0, taken = 0;
	ssize_t n;

	(void)state;
	memset(bytes, 'x', sizeof bytes);
	for (int quiet = 0; quiet < 3;) {
		struct pollfd fds[RELAY_FDS];

		n = send(client, bytes, sizeof bytes, MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
		quiet = n > 0 ? 0 : quiet + 1;
		if (poll(fds, relay_poll(&relay, fds), 20) > 0)
			relay_serve(&relay);
	}
	assert_true(relay.of[0][1].out.len <= 1 << 17);
	while (taken < sent) {
		serve();
		while ((n = recv(guest, got, sizeof got, 0)) > 0)
			taken += (size_t)n;
	}
	assert_int_equal(taken, sent);
	close(client);
	close(guest);
	serve();
	assert_int_equal(relay.of[0][0].fd, -1);
}

static void test_many(void **state)
{
	int clients[RELAY_CONNECTIONS + 2];

	(void)state;
	for (size_t i = 0; i < RELAY_CONNECTIONS + 2; i++) {
		clients[i] = call();
		serve();
	}
	for (size_t i = 0; i < RELAY_CONNECTIONS; i++)
		assert_true(relay.of[i][0].fd >= 0);
	for (size_t i = 0; i < RELAY_CONNECTIONS + 2; i++)
		close(clients[i]);
	for (int guest; (guest = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0; serve())
		close(guest);
	for (size_t i = 0; i < RELAY_CONNECTIONS; i++)
		assert_int_equal(relay.of[i][0].fd, -1);
}

static void test_nobody_inside(void **state)
{
	int client;

	(void)state;
	close(server);
	client = call();
	expect(client, "");
	close(client);
	server = -1;
}

/* The wanted port if it is free, else another; once released somebody else can listen on it. */
static void test_ports(void **state)
{
	struct relay one, two;
	struct error err;
	uint16_t port;

	(void)state;
	relay_init(&one);
	relay_init(&two);
	close(listener(&port));
	assert_true(relay_open(&one, port, &err));
	assert_int_equal(one.port, port);
	assert_true(relay_open(&two, port, &err));
	assert_int_not_equal(two.port, port);
	relay_leave(&one);
	relay_release(&two);
	assert_true(relay_open(&two, port, &err));
	assert_int_equal(two.port, port);
	relay_release(&one);
	relay_release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_ways, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_slow_side, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nobody_inside, set_up, tear_down),
		cmocka_unit_test(test_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
