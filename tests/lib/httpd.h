/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small HTTP server for tests, on 127.0.0.1, with range requests, If-Range, and faults on demand. Each rule is one line:
 *
 *   PATH FAULT [ARGUMENT] [xN]     the fault happens to requests for PATH ("*": all), with xN only to the first N of them
 *
 *   die N              closes the connection N bytes into the body         short N       announces and sends N bytes only
 *   stall N            sends N bytes of the body, then nothing any more    drip          a byte now and then
 *   silent             takes the request and never answers                 close         closes at once
 *   late MS            waits before it answers                             garbage       is no HTTP at all
 *   status N[@WHEN]    answers that, with Retry-After for 429 and 503: WHEN (1; a _ is a blank)
 *   empty              200 without a body
 *   norange            sends the whole file whatever was asked             refuse-range  416 to any range
 *   shifted-range      a part that begins elsewhere than asked             other-total   a part of a file of another size
 *   lie-range          a part although If-Range no longer fits             no-names      neither ETag nor Last-Modified
 *   weak               a weak ETag and no date                             flip          one byte in the middle is wrong
 *   long N             N bytes too many, without a Content-Length          endless       a chunked body without end
 *   announce N         Content-Length N                                    headers       headers without end
 *   redirect URL       302 there ("self": to the same path, for ever)      no-head       405 to HEAD
 *
 * The server and everything it starts end with httpd_stop, or with the process that started it.
 */
#ifndef HTTPD_H
#define HTTPD_H

#include <stdbool.h>
#include <sys/types.h>

struct httpd {
	pid_t pid;
	int port;
	char url[64]; /* with the port, without a slash */
	char log[512];
};

/* Files below `root` are served; `rules` may be NULL; each request is a line of `log` ("GET /path bytes=5-"), NULL: none. */
void httpd_start(struct httpd *h, const char *root, const char *rules, const char *log);
void httpd_stop(struct httpd *h);

/* How many lines of requests in the log start with `start`. */
int httpd_count(const struct httpd *h, const char *start);

/* Serves for ever on a listening socket. */
_Noreturn void httpd_serve(int listener, const char *root, const char *rules, const char *log);
int httpd_listen(int *port); /* a listening socket; aborts if there is none */

#endif
