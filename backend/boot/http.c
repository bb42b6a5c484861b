/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Serves one file over HTTP/1.0 (RFC 1945: the connection's end is the answer's end). */
#include "boot/http.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

void http_init(struct http *h, int listener, const char *path, const char *body)
{
	*h = (struct http){.listener = listener, .path = path, .body = body};
	for (size_t i = 0; i < HTTP_CONNECTIONS; i++)
		h->of[i] = (struct http_connection){.fd = -1, .in = TEXT_INIT, .out = TEXT_INIT};
}

static void hang_up(struct http_connection *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	text_release(&c->in);
	text_release(&c->out);
	c->sent = 0;
}

void http_release(struct http *h)
{
	for (size_t i = 0; i < HTTP_CONNECTIONS; i++)
		hang_up(&h->of[i]);
	if (h->listener >= 0)
		close(h->listener);
	h->listener = -1;
}

size_t http_poll(const struct http *h, struct pollfd *fds)
{
	size_t n = 0;

	if (h->listener < 0)
		return 0;
	for (size_t i = 0; i < HTTP_CONNECTIONS; i++)
		if (h->of[i].fd >= 0)
			fds[n++] = (struct pollfd){
				.fd = h->of[i].fd, .events = h->of[i].out.len ? POLLOUT : POLLIN};
	if (n < HTTP_CONNECTIONS) /* else nothing could be accepted, and the loop would spin */
		fds[n++] = (struct pollfd){.fd = h->listener, .events = POLLIN};
	return n;
}

static void refuse(struct text *answer, const char *status)
{
	text_fmt(answer, "HTTP/1.0 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
}

static bool is_complete(const char *request, size_t len)
{
	return memmem(request, len, "\r\n\r\n", 4) || memmem(request, len, "\n\n", 2);
}

bool http_answer(
	const struct http *h, const char *request, size_t len, struct text *answer, bool *found)
{
	size_t method, path_len = strlen(h->path);
	bool body;

	*found = false;
	if (!is_complete(request, len)) {
		if (len < HTTP_REQUEST)
			return false;
		refuse(answer, "431 Request Header Fields Too Large");
		return true;
	}
	body = len > 4 && memcmp(request, "GET ", 4) == 0;
	method = body ? 4 : 5;
	if (!body && (len <= 5 || memcmp(request, "HEAD ", 5) != 0)) {
		refuse(answer, "405 Method Not Allowed");
		return true;
	}
	if (len < method + path_len + 1 || memcmp(request + method, h->path, path_len) != 0 ||
		!strchr(" \r\n", request[method + path_len])) {
		refuse(answer, "404 Not Found");
		return true;
	}
	*found = true;
	text_fmt(answer,
		"HTTP/1.0 200 OK\r\n"
		"Content-Type: text/plain\r\n"
		"Content-Length: %zu\r\n"
		"Connection: close\r\n"
		"\r\n"
		"%s",
		strlen(h->body), body ? h->body : "");
	return true;
}

static void take_callers(struct http *h)
{
	for (size_t i = 0; i < HTTP_CONNECTIONS; i++) {
		if (h->of[i].fd < 0)
			h->of[i].fd =
				accept4(h->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (h->of[i].fd < 0)
			return;
	}
}

/* False: the connection is finished. */
static bool listen_to(struct http *h, struct http_connection *c)
{
	char bytes[1024];
	ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);
	bool found;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	text_add(&c->in, bytes, (size_t)n);
	if (http_answer(h, c->in.s, c->in.len, &c->out, &found) && found)
		h->served++;
	return true;
}

static bool talk_to(struct http_connection *c)
{
	ssize_t n = send(c->fd, c->out.s + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->sent += (size_t)n;
	if (c->sent < c->out.len)
		return true;
	shutdown(c->fd, SHUT_WR);
	return false;
}

void http_serve(struct http *h)
{
	if (h->listener < 0)
		return;
	take_callers(h);
	for (size_t i = 0; i < HTTP_CONNECTIONS; i++) {
		struct http_connection *c = &h->of[i];
		bool goes_on = c->fd >= 0;

		if (goes_on && !c->out.len)
			goes_on = listen_to(h, c);
		if (goes_on && c->out.len)
			goes_on = talk_to(c);
		if (c->fd >= 0 && !goes_on)
			hang_up(c);
	}
}
