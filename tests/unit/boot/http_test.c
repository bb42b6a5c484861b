/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's file server, over real sockets of this machine's loopback device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "boot/http.h"

static struct http server;
static struct sockaddr_in at;

static int set_up(void **state)
{
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	(void)state;
	at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0 || listen(fd, 64) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		return 1;
	http_init(&server, fd, "/word", "file\n");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	http_release(&server);
	return 0;
}

static int call(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

/* Serves until nothing happens any more. */
static void serve(void)
{
	struct pollfd fds[HTTP_CONNECTIONS + 1];

	while (poll(fds, http_poll(&server, fds), 20) > 0)
		http_serve(&server);
}

/* Sends the request in pieces and returns what came back. */
static void fetch(const char *request, size_t len, size_t piece, char *answer, size_t size)
{
	int fd = call();
	size_t n = 0;
	ssize_t got;

	for (size_t i = 0; i < len; i += piece) {
		if (send(fd, request + i, len - i < piece ? len - i : piece, MSG_NOSIGNAL) < 0)
			break;
		if (piece < len)
			http_serve(&server);
	}
	serve();
	while (n < size - 1 && (got = recv(fd, answer + n, size - 1 - n, MSG_DONTWAIT)) > 0)
		n += (size_t)got;
	answer[n] = '\0';
	close(fd);
}

static void expect(const char *request, const char *status, const char *body)
{
	char answer[1000];
	const char *end;

	for (size_t piece = 1; piece <= strlen(request); piece += 7) {
		fetch(request, strlen(request), piece, answer, sizeof answer);
		assert_memory_equal(answer, status, strlen(status));
		end = strstr(answer, "\r\n\r\n");
		assert_non_null(end);
		assert_string_equal(end + 4, body);
	}
}

static void test_requests(void **state)
{
	(void)state;
	expect("GET /word HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.0 200", "file\n");
	expect("GET /word HTTP/1.0\n\n", "HTTP/1.0 200", "file\n");
	expect("HEAD /word HTTP/1.1\r\n\r\n", "HTTP/1.0 200", "");
	expect("GET /words HTTP/1.1\r\n\r\n", "HTTP/1.0 404", "");
	expect("GET /../etc/passwd HTTP/1.1\r\n\r\n", "HTTP/1.0 404", "");
	expect("POST /word HTTP/1.1\r\n\r\n", "HTTP/1.0 405", "");
	expect("\r\n\r\n", "HTTP/1.0 405", "");
	expect("GET\r\n\r\n", "HTTP/1.0 405", "");
	expect("GET /\r\n\r\n", "HTTP/1.0 404", "");
}

static void test_endless_request(void **state)
{
	char request[HTTP_REQUEST * 2], answer[1000];

	(void)state;
	memset(request, 'a', sizeof request);
	fetch(request, sizeof request, 1000, answer, sizeof answer);
	assert_true(!*answer || strncmp(answer, "HTTP/1.0 431", 12) == 0);
	expect("GET /word HTTP/1.0\r\n\r\n", "HTTP/1.0 200", "file\n");
}

/* Silent clients fill all places: the loop must not spin, and must serve again when they are gone. */
static void test_silent_callers(void **state)
{
	struct pollfd fds[HTTP_CONNECTIONS + 1];
	int callers[HTTP_CONNECTIONS + 5];

	(void)state;
	for (size_t i = 0; i < HTTP_CONNECTIONS + 5; i++)
		callers[i] = call();
	serve();
	assert_int_equal(http_poll(&server, fds), HTTP_CONNECTIONS);
	assert_int_equal(poll(fds, HTTP_CONNECTIONS, 0), 0);
	for (size_t i = 0; i < HTTP_CONNECTIONS + 5; i++)
		close(callers[i]);
	serve();
	expect("GET /word HTTP/1.0\r\n\r\n", "HTTP/1.0 200", "file\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_endless_request),
		cmocka_unit_test(test_silent_callers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
