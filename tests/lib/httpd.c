/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A test server with one process per connection; the number of times each rule was used is in memory shared by all. */
#include "httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RULES = 32, CHUNK = 65536 };

struct rule {
	char path[128], fault[24], argument[256];
	int most; /* 0: always */
	atomic_int used;
};

struct server {
	const char *root;
	const char *log;
	struct rule *rules; /* shared between the processes */
	size_t n_rules;
};

struct request {
	const struct server *server;
	int fd;
	char method[8], path[512], range[64], if_range[256];
	const struct rule *rule; /* NULL: all goes well */
};

struct answer {
	const char *body; /* the whole file */
	size_t size;
	char etag[64], date[64];
	size_t from; /* what is sent of it */
	bool part;
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

static bool is(const struct request *r, const char *fault)
{
	return r->rule && strcmp(r->rule->fault, fault) == 0;
}

static size_t number(const struct request *r)
{
	return r->rule ? strtoul(r->rule->argument, NULL, 10) : 0;
}

static bool put(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool say(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool say(int fd, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return put(fd, line, strlen(line));
}

static void header(const char *head, const char *name, char *into, size_t size)
{
	size_t len = strlen(name);

	into[0] = '\0';
	for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
		if (strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':') {
			const char *value = line + 3 + len;

			value += strspn(value, " ");
			snprintf(into, size, "%.*s", (int)strcspn(value, "\r"), value);
		}
}

static bool read_request(struct request *r)
{
	char head[8192];
	size_t len = 0;

	while (len < sizeof head - 1) {
		ssize_t n = read(r->fd, head + len, sizeof head - 1 - len);

		if (n <= 0)
			return false;
		len += (size_t)n;
		head[len] = '\0';
		if (strstr(head, "\r\n\r\n"))
			break;
	}
	if (sscanf(head, "%7s %511s", r->method, r->path) != 2)
		return false;
	header(head, "Range", r->range, sizeof r->range);
	header(head, "If-Range", r->if_range, sizeof r->if_range);
	return true;
}

static void write_log(const struct request *r)
{
	char line[700];
	int fd = r->server->log
			 ? open(r->server->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)
			 : -1;

	if (fd < 0)
		return;
	snprintf(line, sizeof line, "%s %s %s\n", r->method, r->path, r->range);
	must(write(fd, line, strlen(line)) > 0, r->server->log);
	close(fd);
}

static const struct rule *find_rule(const struct request *r)
{
	for (size_t i = 0; i < r->server->n_rules; i++) {
		struct rule *u = &r->server->rules[i];

		if (strcmp(u->path, "*") != 0 && strcmp(u->path, r->path) != 0)
			continue;
		if (u->most && atomic_fetch_add(&u->used, 1) >= u->most)
			continue;
		return u;
	}
	return NULL;
}

static _Noreturn void hang(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLRDHUP};

	poll(&p, 1, -1);
	_exit(0);
}

static bool load(const struct request *r, struct answer *a)
{
	const char *name = r->path;
	char path[1024];
	struct stat st;
	struct tm tm;
	char *bytes;
	FILE *f;

	/* a proxy gets whole URLs; this one has everything */
	if (strncmp(name, "http://", 7) == 0)
		name = strchr(name + 7, '/') ? strchr(name + 7, '/') : "/";
	snprintf(path, sizeof path, "%s%s", r->server->root, name);
	f = strstr(r->path, "..") ? NULL : fopen(path, "re");
	if (!f || fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	a->size = (size_t)st.st_size;
	bytes = malloc(a->size + 1);
	must(bytes && fread(bytes, 1, a->size, f) == a->size, path);
	fclose(f);
	if (is(r, "flip") && a->size)
		bytes[a->size / 2] ^= 1;
	a->body = bytes;
	snprintf(a->etag, sizeof a->etag, "\"%llx-%llx\"",
		(unsigned long long)st.st_mtim.tv_nsec ^ (unsigned long long)st.st_mtime,
		(unsigned long long)st.st_size);
	gmtime_r(&st.st_mtime, &tm);
	strftime(a->date, sizeof a->date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return true;
}

static void choose_part(const struct request *r, struct answer *a)
{
	unsigned long long from;
	bool same = !r->if_range[0] || strcmp(r->if_range, a->etag) == 0 ||
		    strcmp(r->if_range, a->date) == 0;

	if (sscanf(r->range, "bytes=%llu-", &from) != 1 || is(r, "norange") ||
		(!same && !is(r, "lie-range")))
		return;
	a->part = true;
	a->from = (size_t)from;
}

static void send_names(const struct request *r, const struct answer *a)
{
	if (is(r, "no-names"))
		return;
	if (is(r, "weak"))
		say(r->fd, "ETag: W/%s\r\n", a->etag);
	else
		say(r->fd, "ETag: %s\r\nLast-Modified: %s\r\n", a->etag, a->date);
}

static void send_head(const struct request *r, const struct answer *a)
{
	size_t total = is(r, "other-total") ? a->size + 1 : a->size;
	size_t start = is(r, "shifted-range") ? a->from - 1 : a->from;

	if (a->part)
		say(r->fd, "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %zu-%zu/%zu\r\n",
			start, a->size - 1, total);
	else
		say(r->fd, "HTTP/1.1 200 OK\r\n");
	send_names(r, a);
	say(r->fd, "Accept-Ranges: bytes\r\nConnection: close\r\n");
	if (is(r, "endless"))
		say(r->fd, "Transfer-Encoding: chunked\r\n");
	else if (is(r, "short") || is(r, "announce"))
		say(r->fd, "Content-Length: %zu\r\n", number(r));
	else if (!is(r, "long"))
		say(r->fd, "Content-Length: %zu\r\n", a->size - a->from);
	say(r->fd, "\r\n");
}

static void send_endless(int fd)
{
	static char block[CHUNK];

	while (say(fd, "%x\r\n", CHUNK) && put(fd, block, sizeof block) && put(fd, "\r\n", 2))
		;
}

static void send_drip(const struct request *r, const char *at, size_t len)
{
	while (len-- && put(r->fd, at++, 1))
		poll(NULL, 0, 50);
}

static void send_body(const struct request *r, const struct answer *a)
{
	const char *at = a->body + a->from;
	size_t len = a->size - a->from;
	size_t n = number(r) < len ? number(r) : len;

	if (is(r, "endless")) {
		send_endless(r->fd);
	} else if (is(r, "drip")) {
		send_drip(r, at, len);
	} else if (is(r, "die") || is(r, "short")) {
		put(r->fd, at, n);
	} else if (is(r, "stall")) {
		put(r->fd, at, n);
		hang(r->fd);
	} else {
		put(r->fd, at, len);
		for (size_t extra = is(r, "long") ? number(r) : 0; extra; extra--)
			put(r->fd, "x", 1);
	}
}

static void send_status(const struct request *r, int status)
{
	const char *when = r->rule ? strchr(r->rule->argument, '@') : NULL;
	char later[64];

	snprintf(later, sizeof later, "Retry-After: %s\r\n", when ? when + 1 : "1");
	for (char *c = later; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	say(r->fd, "HTTP/1.1 %d Because\r\n%sContent-Length: 6\r\nConnection: close\r\n\r\n",
		status, status == 503 || status == 429 ? later : "");
	if (strcmp(r->method, "HEAD") != 0)
		say(r->fd, "sorry\n");
}

/* Faults that need no file. True: the request is finished. */
static bool fault_first(const struct request *r)
{
	if (is(r, "silent"))
		hang(r->fd);
	if (is(r, "late"))
		poll(NULL, 0, (int)number(r));
	if (is(r, "close"))
		return true;
	if (is(r, "garbage"))
		return say(r->fd, "this is no answer\r\n\r\nat all\n") || true;
	if (is(r, "status"))
		send_status(r, (int)number(r));
	else if (is(r, "refuse-range") && r->range[0])
		send_status(r, 416);
	else if (is(r, "no-head") && strcmp(r->method, "HEAD") == 0)
		send_status(r, 405);
	else if (is(r, "empty"))
		say(r->fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	else if (is(r, "redirect"))
		say(r->fd,
			"HTTP/1.1 302 Found\r\n"
			"Location: %s\r\n"
			"Content-Length: 0\r\n"
			"Connection: close\r\n"
			"\r\n",
			strcmp(r->rule->argument, "self") == 0 ? r->path : r->rule->argument);
	else if (is(r, "headers") && say(r->fd, "HTTP/1.1 200 OK\r\n"))
		while (say(r->fd, "X-More: and more and more and more\r\n"))
			;
	else
		return false;
	return true;
}

static void serve_one(const struct server *s, int fd)
{
	struct request r = {.server = s, .fd = fd};
	struct answer a = {0};

	if (!read_request(&r))
		return;
	write_log(&r);
	r.rule = find_rule(&r);
	if (fault_first(&r))
		return;
	if (!load(&r, &a)) {
		send_status(&r, 404);
		return;
	}
	choose_part(&r, &a);
	if (a.part && a.from >= a.size) {
		send_status(&r, 416);
		return;
	}
	send_head(&r, &a);
	if (strcmp(r.method, "HEAD") != 0)
		send_body(&r, &a);
}

static void read_rules(struct server *s, const char *rules)
{
	s->rules = mmap(NULL, MOST_RULES * sizeof *s->rules, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(s->rules != MAP_FAILED, "memory for the rules");
	while (rules && *rules && s->n_rules < MOST_RULES) {
		struct rule *r = &s->rules[s->n_rules];
		size_t len = strcspn(rules, "\n");
		char line[512], times[256] = "";
		int n;

		snprintf(line, sizeof line, "%.*s", (int)len, rules);
		rules += len + (rules[len] == '\n');
		n = sscanf(line, "%127s %23s %255s %255s", r->path, r->fault, r->argument, times);
		if (n < 2)
			continue;
		if (n == 3 && r->argument[0] == 'x')
			r->most = atoi(r->argument + 1);
		if (n == 4)
			r->most = atoi(times + 1);
		s->n_rules++;
	}
}

int httpd_listen(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 64) == 0 &&
			getsockname(fd, (struct sockaddr *)&at, &len) == 0,
		"a port to listen on");
	*port = ntohs(at.sin_port);
	return fd;
}

void httpd_serve(int listener, const char *root, const char *rules, const char *log)
{
	struct server s = {.root = root, .log = log};

	read_rules(&s, rules);
	signal(SIGCHLD, SIG_IGN); /* finished connections leave no trace */
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve_one(&s, fd);
			_exit(0);
		}
		close(fd);
	}
}

void httpd_start(struct httpd *h, const char *root, const char *rules, const char *log)
{
	int listener;

	memset(h, 0, sizeof *h);
	listener = httpd_listen(&h->port);
	snprintf(h->url, sizeof h->url, "http://127.0.0.1:%d", h->port);
	snprintf(h->log, sizeof h->log, "%s", log ? log : "");
	fflush(NULL);
	h->pid = fork();
	must(h->pid >= 0, "a process for the server");
	if (h->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		httpd_serve(listener, root, rules, log);
	}
	close(listener);
}

void httpd_stop(struct httpd *h)
{
	if (h->pid <= 0)
		return;
	kill(h->pid, SIGKILL);
	waitpid(h->pid, NULL, 0);
	h->pid = 0;
}

int httpd_count(const struct httpd *h, const char *start)
{
	FILE *f = fopen(h->log, "re");
	char line[1024];
	int n = 0;

	while (f && fgets(line, sizeof line, f))
		n += strncmp(line, start, strlen(start)) == 0;
	if (f)
		fclose(f);
	return n;
}
