/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * golden FILE.golden: makes the plan of FILE.profile (or, when there is none, of the shipped profile of that name) and compares
 * its canonical text with the file; UPDATE=1 writes the file anew. Options, recipes, guards, expansion and order are all in
 * that text. Versions, hashes, the compiler and this machine's files that images take parts from come from tests/golden/data,
 * archives are empty files of the cache: nothing is fetched, and no package of this machine takes part.
 */
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "plan/plan.h"
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What lies below /usr/lib on a machine with boot loaders; relative, so that keys do not depend on where the checkout is. */
#define MACHINE "tests/golden/data/machine"

struct golden {
	struct place place;
	struct catalog catalog;
	struct settings settings;
	struct profile profile;
	struct plan plan;
	char folder[PATH_MAX]; /* of the test */
	char root[PATH_MAX];   /* of the checkout */
};

static void set_path(const char *variable, const char *before, const char *after)
{
	char value[3 * PATH_MAX];

	snprintf(value, sizeof value, "%s%s", before, after);
	setenv(variable, value, 1);
}

static bool make_home(struct golden *g)
{
	const char *tmp = getenv("TMPDIR"), *path = getenv("PATH");
	char after[3 * PATH_MAX];

	if (!getcwd(g->root, sizeof g->root))
		return false;
	snprintf(g->folder, sizeof g->folder, "%s/golden.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(g->folder))
		return false;
	set_path("HOME", g->folder, "");
	set_path("XDG_CONFIG_HOME", g->folder, "/config");
	set_path("XDG_STATE_HOME", g->folder, "/state");
	set_path("BOOTSMITH_CACHE", g->folder, "/cache");
	snprintf(after, sizeof after, "/data:%s/tests/golden/data:%s", g->root, g->root);
	set_path("BOOTSMITH_PATH", g->folder, after);
	snprintf(after, sizeof after, "/tests/golden/data/bin:%s", path ? path : "");
	set_path("PATH", g->root, after);
	return true;
}

/* Every archive of the fixture catalogue seems to lie in the cache, under the digest that is written there. */
static bool make_archives(struct golden *g, struct error *err)
{
	static const char *const files[][2] = {{"6120961209612096", "linux-6.12.9.tar.xz"},
		{"6120106120106120", "linux-6.12.10.tar.xz"},
		{"6110061100611006", "linux-6.1.100.tar.xz"},
		{"1370137013701370", "busybox-1.37.0.tar.bz2"},
		{"1250125012501250", "musl-1.2.5.tar.gz"},
		{"2410241024102410", "glibc-2.41.tar.xz"},
		{"2589258925892589", "dropbear-2025.89.tar.bz2"},
		{"2012201220122012", "grub-2.12.tar.xz"},
		{"1474147414741474", "e2fsprogs-1.47.4.tar.xz"},
		{"2415241524152415", "util-linux-2.41.5.tar.xz"},
		{"2026202620262026", "made-zones_2026b-1_all.deb"},
		{"4950495049504950", "lsof-4.95.0.tar.gz"},
		{"9201920192019201", "openssh-9.2p1.tar.gz"},
		{"3020302030203020", "openssl-3.0.20.tar.gz"},
		{"3900390039003900", "pciutils-3.9.0.tar.gz"},
		{"4130413041304130", "shadow-4.13.tar.gz"},
		{"6100610061006100", "strace-6.1.tar.gz"},
		{"6970697069706970", "iptables-1.8.9.tar.gz"},
		{"0219021902190219", "lshw-02.19.tar.gz"},
		{"1220122012201220", "libstdcxx-12.2.0.tar.gz"},
		{"1310131013101310", "zlib-1.3.1.tar.gz"}};
	char path[2 * PATH_MAX];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *d = files[i][0];

		snprintf(path, sizeof path, "%s/cache/source/%s%s%s%s", g->folder, d, d, d, d);
		if (!place_make_folder(path, err))
			return false;
		snprintf(path + strlen(path), sizeof path - strlen(path), "/%s", files[i][1]);
		if (!place_write_file(path, "", 0, err))
			return false;
	}
	return true;
}

static bool make_settings(struct golden *g, struct error *err)
{
	struct text text = TEXT_INIT;
	char path[PATH_MAX + 64];
	bool ok;

	snprintf(path, sizeof path, "%s/config/bootsmith", g->folder);
	ok = place_make_folder(path, err);
	snprintf(path, sizeof path, "%s/config/bootsmith/config", g->folder);
	text_str(&text, "origins = cache upstream\njobs = 2\n");
	ok = ok && place_write_file(path, text.s, text.len, err);
	text_release(&text);
	return ok;
}

static void replace(struct text *t, const char *path, const char *name)
{
	struct text out = TEXT_INIT;
	const char *rest = t->s;

	for (const char *hit; (hit = strstr(rest, path)); rest = hit + strlen(path)) {
		text_add(&out, rest, (size_t)(hit - rest));
		text_str(&out, name);
	}
	text_str(&out, rest);
	text_release(t);
	*t = out;
}

/* Image files, and what they include, with their paths of this machine led to MACHINE; they are found before the checkout's. */
static bool make_images(struct golden *g, struct error *err)
{
	char path[2 * PATH_MAX];
	glob_t files = {0};
	bool ok;

	snprintf(path, sizeof path, "%s/data/share/images", g->folder);
	ok = place_make_folder(path, err) && glob("share/images/*.image", 0, NULL, &files) == 0 &&
	     glob("share/images/*.part", GLOB_APPEND, NULL, &files) == 0;
	for (size_t i = 0; ok && i < files.gl_pathc; i++) {
		struct text text = TEXT_INIT;

		snprintf(path, sizeof path, "%s/data/%s", g->folder, files.gl_pathv[i]);
		ok = text_read_file(&text, files.gl_pathv[i], 1 << 20, err);
		replace(&text, " /usr/lib/", " " MACHINE "/usr/lib/");
		ok = ok && place_write_file(path, text.s, text.len, err);
		text_release(&text);
	}
	globfree(&files);
	return ok;
}

static bool load(struct golden *g, const char *file, struct error *err)
{
	const char *base = strrchr(file, '/');
	char name[NAME_MAX], path[PATH_MAX];

	snprintf(name, sizeof name, "%s", base ? base + 1 : file);
	name[strcspn(name, ".")] = '\0';
	snprintf(path, sizeof path, "tests/golden/%s.profile", name);
	if (access(path, F_OK) != 0)
		snprintf(path, sizeof path, "profiles/%s.profile", name);
	return make_archives(g, err) && make_images(g, err) && make_settings(g, err) &&
	       place_load(&g->place, err) && catalog_load(&g->catalog, &g->place, err) &&
	       settings_load(&g->settings, &g->place, err) &&
	       profile_open(&g->profile, &g->catalog, path, err) && profile_check(&g->profile, err);
}

static bool compare(const char *file, const struct text *plan, struct error *err)
{
	struct text wanted = TEXT_INIT;
	bool same;

	if (getenv("UPDATE"))
		return place_write_file(file, plan->s, plan->len, err);
	if (!text_read_file(&wanted, file, 1 << 20, err))
		return false;
	same = strcmp(wanted.s, plan->s) == 0;
	text_release(&wanted);
	return same ||
	       error_set(err, ERROR_STEP,
		       "the plan is another one; UPDATE=1 writes %s anew, git diff shows what changed",
		       file);
}

/* The text as a file beside the test's log, and the difference as diff sees it. */
static void show(const struct golden *g, const char *file, const struct text *plan)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof path, "%s/plan", g->folder);
	if (!place_write_file(path, plan->s, plan->len, &err))
		return;
	execlp("diff", "diff", "-u", file, path, (char *)NULL);
}

int main(int argc, char **argv)
{
	struct golden g = {0};
	struct plan_options options = {0};
	struct text text = TEXT_INIT;
	struct error err = {0};
	char output[PATH_MAX + 64];

	if (argc != 2 || !make_home(&g)) {
		fprintf(stderr, "usage: golden FILE.golden\n");
		return 2;
	}
	snprintf(output, sizeof output, "%s/out", g.folder);
	options.output = output;
	if (!load(&g, argv[1], &err) ||
		!plan_make(&g.plan, &g.profile, &g.settings, &options, &err)) {
		printf("%s\n", err.text);
		return 1;
	}
	plan_print(&g.plan, &text);
	/* The plan names the files that it will read and write: here they stand for themselves. */
	replace(&text, g.folder, "{test}");
	replace(&text, g.root, "{checkout}");
	replace(&text, MACHINE, "");
	if (!compare(argv[1], &text, &err)) {
		printf("%s\n", err.text);
		fflush(stdout);
		show(&g, argv[1], &text);
		return 1;
	}
	text_release(&text);
	plan_release(&g.plan);
	profile_release(&g.profile);
	settings_release(&g.settings);
	catalog_release(&g.catalog);
	place_release(&g.place);
	if (!place_remove(g.folder, &err))
		printf("%s\n", err.text);
	return 0;
}
