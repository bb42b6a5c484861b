/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers are asked several questions at once, but politely. */
#include "base/arena.h"
#include "scratch.h"
#include "source/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLITE = 4, ROUNDS = 2, QUESTIONS = POLITE * ROUNDS, MOST = 64 };

static int listen_somewhere(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, MOST), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* Accepts connections until POLITE of them have sent a request: a client with more requests at once has opened more connections
 * by then, because curl opens all of them before it sends on any. Answers them all, and tells how many there were. */
static int serve_round(int listener)
{
	static const char no[] =
		"HTTP/1.1 404 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
	struct pollfd fds[1 + MOST] = {{listener, POLLIN, 0}};
	int n = 0, asked = 0;

	while (asked < POLITE) {
		if (poll(fds, 1 + (nfds_t)n, -1) < 0)
			_exit(99);
		for (int fd; n < MOST && (fd = accept(listener, NULL, NULL)) >= 0;)
			fds[1 + n++] = (struct pollfd){fd, POLLIN, 0};
		for (int i = 1; i <= n; i++) {
			asked += fds[i].revents != 0;
			fds[i].events = fds[i].revents ? 0 : fds[i].events;
		}
	}
	for (int i = 1; i <= n; i++) {
		char request[4096];

		if (read(fds[i].fd, request, sizeof request) > 0 &&
			write(fds[i].fd, no, sizeof no - 1) < 0)
			_exit(98);
		close(fds[i].fd);
	}
	return n;
}

/* The child's status is the largest number of connections that were open at once. */
static pid_t start_server(int listener)
{
	pid_t parent = getpid(), child = fork();
	int most = 0;

	if (child != 0)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(60); /* it waits for ever for questions that are not asked */
	if (getppid() != parent)
		_exit(97);
	for (int i = 0; i < ROUNDS; i++) {
		int n = serve_round(listener);

		most = n > most ? n : most;
	}
	_exit(most);
}

/* (Mutation: as many questions to one server as there are.) */
static void one_server_is_asked_four_things_at_once(void **state)
{
	struct reach_query questions[QUESTIONS] = {0};
	struct arena a = ARENA_INIT;
	struct scratch s;
	struct reach r;
	int port, status, listener = listen_somewhere(&port);
	pid_t server = start_server(listener);

	(void)state;
	close(listener);
	scratch_make(&s);
	for (size_t i = 0; i < QUESTIONS; i++) {
		questions[i].url = arena_fmt(&a, "http://127.0.0.1:%d/%zu", port, i);
		questions[i].proxy = "";
	}
	reach_init(&r, &a, scratch_path(&s, "dead"), 1000000);
	reach_ask(&r, questions, QUESTIONS);
	for (size_t i = 0; i < QUESTIONS; i++) {
		assert_true(questions[i].answered);
		assert_false(questions[i].yes);
	}
	reach_release(&r);
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), POLITE);
	scratch_remove(&s);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_server_is_asked_four_things_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
