/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs apt-get over one suite, with folders of its own below cache/index/apt so that it needs neither root nor the machine's own
 * state. apt checks the signature of the Release file and the digest of what it lists; anything it complains about is an error
 * here, never a warning. It fetches only the list of source packages, or of finished ones, and runs none of the machine's hooks.
 */
#include "source/debian.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"
#include "source/debian_apt.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { TALK_LIMIT = 1 << 20, PATIENCE_MS = 600000 };

/* By enum packaged_kind: what a repository is called, and where in it and under which name its index lies. */
static const struct {
	const char *type, *index, *where;
} kinds[] = {
	[PACKAGED_SOURCES] = {"deb-src", "Sources", "source"},
	[PACKAGED_BINARIES] = {"deb", "Packages", "binary-$(ARCHITECTURE)"},
};

static const char config[] =
	"#clear APT::Update::Pre-Invoke;\n"
	"#clear APT::Update::Post-Invoke;\n"
	"#clear APT::Update::Post-Invoke-Success;\n"
	"#clear Acquire::IndexTargets;\n"
	"Acquire::IndexTargets::%s::%s {\n"
	" MetaKey \"$(COMPONENT)/%s/%s\";\n"
	" flatMetaKey \"%s\";\n"
	" ShortDescription \"%s\";\n"
	" Description \"$(RELEASE)/$(COMPONENT) %s\";\n"
	" flatDescription \"$(RELEASE) %s\";\n"
	" KeepCompressed \"true\";\n"
	" Optional \"false\";\n"
	"};\n"
	"Dir::State \"%s\";\n"
	"Dir::State::Lists \"%s/lists\";\n"
	"Dir::State::status \"/dev/null\";\n"
	"Dir::Cache \"%s/cache\";\n"
	"Dir::Etc::SourceList \"%s/suite.sources\";\n"
	"Dir::Etc::SourceParts \"/dev/null\";\n"
	"APT::Sandbox::User \"root\";\n" /* apt's usual user cannot write into our folders */
	"APT::Update::Error-Mode \"any\";\n"
	"APT::Get::List-Cleanup \"false\";\n"
	"Acquire::AllowInsecureRepositories \"false\";\n"
	"Acquire::AllowWeakRepositories \"false\";\n"
	"Acquire::AllowDowngradeToInsecureRepositories \"false\";\n"
	"Acquire::Languages \"none\";\n"
	"Acquire::PDiffs \"false\";\n"
	"Acquire::GzipIndexes \"true\";\n"
	"Acquire::Retries \"1\";\n"
	"Acquire::http::Timeout \"20\";\n"
	"Acquire::https::Timeout \"20\";\n";

static bool write_file(
	const char *folder, const char *name, const struct text *content, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	text_fmt(&path, "%s/%s", folder, name);
	ok = place_write_file(path.s, content->s, content->len, err);
	text_release(&path);
	return ok;
}

static bool make_folder(const char *folder, const char *below, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	text_fmt(&path, "%s/%s", folder, below);
	ok = place_make_folder(path.s, err);
	text_release(&path);
	return ok;
}

static bool prepare(
	const char *folder, const struct suite *suite, enum packaged_kind kind, struct error *err)
{
	const char *type = kinds[kind].type, *index = kinds[kind].index;
	struct text t = TEXT_INIT;
	bool ok = false;

	if (strpbrk(folder, "\"\n")) {
		error_set(err, ERROR_HOST,
			"the path %s has a character that apt-get's settings cannot hold", folder);
		goto out;
	}
	if (!make_folder(folder, "lists/partial", err) ||
		!make_folder(folder, "cache/archives/partial", err))
		goto out;
	text_fmt(&t, config, type, index, kinds[kind].where, index, index, index, index, index,
		folder, folder, folder, folder);
	if (!write_file(folder, "apt.conf", &t, err))
		goto out;
	text_clear(&t);
	text_fmt(&t, "Types: %s\nURIs: %s\nSuites: %s\nComponents: %s\n", type, suite->uri,
		suite->name, suite->components);
	if (suite->keyring)
		text_fmt(&t, "Signed-By: %s\n", suite->keyring);
	ok = write_file(folder, "suite.sources", &t, err);
out:
	text_release(&t);
	return ok;
}

static bool says(const char *talk, const char *const words[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(talk, words[i]))
			return true;
	return false;
}

/* What it complains about, recognised by its messages (its locale is set to C). */
static enum apt_result classify(const char *talk)
{
	static const char *const full[] = {"No space left on device", "Disk quota exceeded",
		"enough free space", "Read-only file system"};
	static const char *const signature[] = {"signature", "NO_PUBKEY", "not signed", "GPG error",
		"Hash Sum mismatch", "is not valid yet", "expired", "NODATA",
		"Sub-process /usr/bin/sqv", "gpgv"};
	static const char *const missing[] = {"does not have a Release file", "404  Not Found",
		"doesn't have the component", "no longer has a Release file"};

	/* truncated data matches no digest either */
	if (says(talk, full, sizeof full / sizeof *full))
		return APT_HOST;
	if (says(talk, signature, sizeof signature / sizeof *signature))
		return APT_UNTRUSTED;
	if (says(talk, missing, sizeof missing / sizeof *missing))
		return APT_MISSING;
	return APT_UNREACHED;
}

static bool find_line(const char *talk, const char *mark, struct text *out)
{
	const char *line = talk;

	while (line) {
		line += *line == '\n';
		if (strncmp(line, mark, 3) == 0) {
			text_add(out, line + 3, strcspn(line + 3, "\n"));
			return true;
		}
		line = strchr(line, '\n');
	}
	return false;
}

/* The first line marked as an error, or as a warning if there is none. */
static void complaint(const char *talk, int status, struct text *out)
{
	if (find_line(talk, "E: ", out) || find_line(talk, "W: ", out))
		return;
	text_fmt(out, "apt-get update ended with %s", proc_words(status).s);
}

enum apt_result apt_judge(
	const char *talk, int status, const struct suite *suite, struct error *err)
{
	const enum apt_result result = status ? classify(talk) : APT_READ;
	struct text why = TEXT_INIT;

	if (result == APT_READ)
		return result;
	complaint(talk, status, &why);
	if (result == APT_UNTRUSTED)
		error_set(err, ERROR_SOURCE,
			"the package index of %s could not be verified and is not used: %.500s",
			suite->name, why.s);
	else if (result == APT_HOST)
		error_set(err, ERROR_HOST, "the package index of %s could not be kept: %.500s",
			suite->name, why.s);
	else if (result == APT_MISSING)
		error_set(err, ERROR_SOURCE, "the archive has no suite %s", suite->name);
	else
		error_set(err, ERROR_SOURCE, "the package index of %s could not be fetched: %.500s",
			suite->name, why.s);
	text_release(&why);
	return result;
}

enum apt_result apt_update(
	const char *folder, const struct suite *suite, enum packaged_kind kind, struct error *err)
{
	const char *argv[] = {"apt-get", "-c", NULL, "-q", "update", NULL};
	struct text conf = TEXT_INIT, talk = TEXT_INIT;
	enum apt_result result = APT_BROKEN;
	int status;

	if (!prepare(folder, suite, kind, err)) {
		result = err->kind == ERROR_HOST ? APT_HOST : APT_BROKEN;
		goto out;
	}
	text_fmt(&conf, "%s/apt.conf", folder);
	argv[2] = conf.s;
	if (proc_capture_for(PATIENCE_MS, argv, NULL, NULL, TALK_LIMIT, &talk, &status, err))
		result = apt_judge(talk.s, status, suite, err);
out:
	text_release(&conf);
	text_release(&talk);
	return result;
}

void apt_take_files(const char *listing, struct arena *a, struct strings *files)
{
	for (const char *at = listing; *at; at += strspn(at, "\n")) {
		size_t len = strcspn(at, "\n");

		if (*at == '/')
			vec_push_in(a, files, arena_strn(a, at, len));
		at += len;
	}
}

bool apt_index_files(const char *folder, struct arena *a, struct strings *files, struct error *err)
{
	const char *argv[] = {
		"apt-get", "-c", NULL, "indextargets", "--format", "$(FILENAME)", NULL};
	struct text conf = TEXT_INIT, listing = TEXT_INIT;
	bool ok = false;
	int status;

	text_fmt(&conf, "%s/apt.conf", folder);
	argv[2] = conf.s;
	if (!proc_capture(argv, NULL, NULL, TALK_LIMIT, &listing, &status, err))
		goto out;
	ok = status == 0;
	if (ok)
		apt_take_files(listing.s, a, files);
	else
		error_set(err, ERROR_SOURCE, "apt-get indextargets ended with %s",
			proc_words(status).s);
out:
	text_release(&conf);
	text_release(&listing);
	return ok;
}
