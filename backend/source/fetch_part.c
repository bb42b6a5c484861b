/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The unfinished file and what is known about where it comes from. */
#include "source/fetch_part.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

struct side {
	const char *url, *validator, *total;
};

static const struct conf_field fields[] = {
	{"url", CONF_TEXT, offsetof(struct side, url)},
	{"validator", CONF_TEXT, offsetof(struct side, validator)},
	{"total", CONF_TEXT, offsetof(struct side, total)},
	{NULL, CONF_TEXT, 0},
};

struct side_reader {
	struct arena arena;
	struct side side;
};

static bool take_fact(void *ctx, const struct conf_line *line, struct error *err)
{
	struct side_reader *r = ctx;

	return !line->key || conf_store(fields, line, &r->side, &r->arena, err);
}

/* Is there a part of this URL that can be continued? */
static bool read_side(struct part *p, const char *url, bool blindly)
{
	struct side_reader r = {.arena = ARENA_INIT};
	struct error ignored;
	bool fits = conf_read(p->side.s, &r.arena, take_fact, &r, &ignored) && r.side.url &&
		    r.side.validator && strcmp(r.side.url, url) == 0 &&
		    (*r.side.validator || blindly);

	if (fits) {
		text_str(&p->validator, r.side.validator);
		p->total = r.side.total ? strtoull(r.side.total, NULL, 10) : 0;
	}
	arena_release(&r.arena);
	return fits;
}

static bool hash_existing(struct part *p, struct error *err)
{
	enum { CHUNK = 1 << 18 };
	char *buffer = xmalloc(CHUNK);
	ssize_t got;
	bool ok = true;

	while (ok && (got = read(p->fd, buffer, CHUNK)) != 0) {
		if (got > 0) {
			hash_add(p->hash, buffer, (size_t)got);
			p->len += (uint64_t)got;
		} else if (errno != EINTR) {
			ok = error_errno(err, "%s cannot be read", p->path.s);
		}
	}
	free(buffer);
	p->resumed = p->len > 0;
	return ok;
}

bool part_open(struct part *p, const char *path, const char *url, bool blindly, struct error *err)
{
	*p = (struct part){.path = TEXT_INIT,
		.side = TEXT_INIT,
		.url = TEXT_INIT,
		.validator = TEXT_INIT,
		.hash = hash_new(),
		.fd = -1};
	text_fmt(&p->path, "%s.part", path);
	text_fmt(&p->side, "%s.resume", path);
	text_str(&p->url, url);
	p->fd = open(p->path.s, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (p->fd < 0)
		return error_errno(err, "%s cannot be written", p->path.s);
	if (read_side(p, url, blindly))
		return hash_existing(p, err);
	p->stale = true;
	return true;
}

bool part_restart(struct part *p, struct error *err)
{
	hash_free(p->hash);
	p->hash = hash_new();
	p->len = p->total = 0;
	p->resumed = p->stale = false;
	text_clear(&p->validator);
	unlink(p->side.s);
	if (ftruncate(p->fd, 0) != 0 || lseek(p->fd, 0, SEEK_SET) != 0)
		return error_errno(err, "%s cannot be emptied", p->path.s);
	return true;
}

bool part_add(struct part *p, const void *bytes, size_t len, struct error *err)
{
	const char *at = bytes;

	hash_add(p->hash, bytes, len);
	while (len) {
		ssize_t put = write(p->fd, at, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return error_errno(err,
				"%s cannot be written after %" PRIu64
				" bytes; the download goes on there next time",
				p->path.s, p->len);
		at += put;
		len -= (size_t)put;
		p->len += (uint64_t)put;
	}
	return true;
}

bool part_reserve(struct part *p, uint64_t size, struct error *err)
{
	if (size <= p->len || fallocate(p->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)size) == 0 ||
		errno != ENOSPC)
		return true; /* file systems that cannot reserve notice a full disk while writing */
	return error_errno(err, "%s needs %" PRIu64 " bytes", p->path.s, size - p->len);
}

bool part_describe(struct part *p, struct error *err)
{
	struct text t = TEXT_INIT;
	bool ok;

	text_fmt(&t, "url = %s\nvalidator = %s\ntotal = %" PRIu64 "\n", p->url.s, p->validator.s,
		p->total);
	ok = place_write_file(p->side.s, t.s, t.len, err);
	text_release(&t);
	return ok;
}

void part_digest(struct part *p, char hex[HASH_HEX])
{
	hash_finish(p->hash, hex);
	p->hash = NULL;
}

bool part_publish(struct part *p, const char *path, struct error *err)
{
	char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	bool ok = false;
	int dir;

	if (slash)
		slash[slash == folder] = '\0';
	dir = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Nobody looks for the side file once the archive has its name, so it goes first. ftruncate frees the reserved space
	 * beyond the end. */
	unlink(p->side.s);
	if (dir < 0 || ftruncate(p->fd, (off_t)p->len) != 0 || fchmod(p->fd, 0444) != 0 ||
		fsync(p->fd) != 0 || rename(p->path.s, path) != 0 || fsync(dir) != 0) {
		error_errno(err, "%s cannot be put in place", path);
		goto out;
	}
	ok = true;
out:
	if (dir >= 0)
		close(dir);
	free(folder);
	return ok;
}

void part_drop(struct part *p)
{
	unlink(p->path.s);
	unlink(p->side.s);
}

void part_close(struct part *p)
{
	hash_free(p->hash);
	p->hash = NULL;
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	text_release(&p->path);
	text_release(&p->side);
	text_release(&p->url);
	text_release(&p->validator);
}
