/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every condition in share/options, by itself: each [rule], each [advice], each value that is refused and each option that needs
 * others has a row here. The row's choices meet the condition, in each of their alternatives; without any one of them, or with
 * any of the cures, it is not met. So the test notices a missing rule, or one whose condition is wider or narrower than intended,
 * and a new rule needs a row. (Mutation: the first [rule] is left out, in the data or by the loop that asks them.)
 */
#include "base/arena.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define LOADED "image = iso|disk|qcow2|vmdk|vdi|vhdx\n"
#define DISKS  "image = disk|qcow2|vmdk|vdi|vhdx\n"
#define FORTY  "abcdefghijklmnopqrstuvwxyzabcdefghijklmn"
#define SHA    "root-password = $6$saltsaltsalt$" FORTY FORTY "abcdef\n"
#define YES    "root-password = $y$j9T$saltsaltsalt$" FORTY "abc\n"
#define MD5    "root-password = $1$saltsalt$qjXMvbEw8oaL.CzflDtaK/\n"
#define PUBLIC         \
	"ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAIHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0 me\n"
#define KEY "ssh-key = " PUBLIC

/* A line's alternatives are separated by '|'. */
static const struct row {
	const char *what;   /* "option NAME", "OPTION = VALUE", or how the reason begins */
	const char *meets;  /* every line is needed */
	const char *avoids; /* each line alone, added to them, is enough */
} rows[] = {
	/* rules */
	{"the small BusyBox has no runsvdir", "busybox-config = small\ninit = runit\n", ""},
	{"this kind of hash is guessed too quickly", MD5, SHA YES "root-password = locked|none\n"},
	{"BusyBox checks yescrypt hashes from 1.38", YES, "busybox = 1.38|1.38.0\n" SHA},
	{"the smallest kernel drives no CD", "image = iso\nroot = live\nkernel-config = tiny\n",
		"root = ram\nkernel-config = vm|pc\n"},
	{"an EFI file is started by UEFI only", "image = efi\nfirmware = bios\n",
		"firmware = uefi|both\n"},
	/* values */
	{"ssh = dropbear", "ssh = dropbear\nnetwork = none\n", "network = dhcp|static\n"},
	{"ssh = openssh", "ssh = openssh\nnetwork = none\n", "network = dhcp|static\n"},
	{"image = iso", "image = iso\nroot = disk\n", "root = ram|live\n"},
	{"image = efi", "image = efi\narch = i386\n", "arch = x86_64\n"},
	{"kernel-fragment = hardening.config",
		"kernel = 6.1|6.1.100\nkernel-fragment = hardening.config\n",
		"kernel = 6.12|7.2\n"},
	/* advice */
	{"the tiny kernel has none", "kernel-config = tiny\n", "kernel-config = vm|pc|defconfig\n"},
	{"without a screen among the consoles",
		"keymap = de|uk\nkernel-config = tiny\nconsole = ttyS0\n",
		"console = tty0|tty1\nkernel-config = vm\n"},
	{"nobody can log in over the network yet", "ssh = dropbear|openssh\n",
		KEY SHA "ssh = none\n"},
	{"Dropbear takes no key whose line has an option",
		"ssh = dropbear\nssh-key = from=\"::1\" " PUBLIC, KEY "ssh = none|openssh\n"},
	{"with libc = glibc the SSH server takes keys", "ssh = dropbear\nlibc = glibc\n" SHA,
		"root-password = locked|none\nlibc = host|musl\nssh = openssh\n"},
	{"with this machine's own 32-bit library", "ssh = dropbear\narch = i386\n" SHA,
		"libc = musl|glibc\nroot-password = locked|none\nssh = openssh\n"},
	{"the consoles ask for a log-in and root", "ssh = dropbear|openssh\n",
		SHA "root-password = none\n"},
	/* options that need others */
	{"option modules", "kernel-modules = yes\n", "kernel-modules = no\n"},
	{"option glibc", "libc = glibc\n", "libc = host|musl\n"},
	{"option locale", "libc = glibc\n", "libc = host|musl\n"},
	{"option musl", "libc = musl\n", "libc = host|glibc\n"},
	{"option overlay-owners", "overlay = folder\n", ""},
	{"option user-passwords", "users = ann\n", ""},
	{"option user-keys", "users = ann\nssh = dropbear|openssh\n", "ssh = none\n"},
	{"option root-label", "root = disk|live\n", "root = ram\n"},
	{"option address", "network = static\n", "network = dhcp|none\n"},
	{"option gateway", "network = static\n", "network = dhcp|none\n"},
	{"option dns", "network = static\n", "network = dhcp|none\n"},
	{"option network-card", "", "network = none\n"},
	{"option interfaces", "", "network = none\n"},
	{"option vlans", "", "network = none\n"},
	{"option bridges", "", "network = none\n"},
	{"option routes", "", "network = none\n"},
	{"option ipv6", "", "network = none\n"},
	{"option dropbear", "ssh = dropbear\n", "ssh = none\n"},
	{"option ssh-key", "ssh = dropbear|openssh\n", "ssh = none\n"},
	{"option boot-timeout", LOADED, "image = initramfs|tar|oci|efi\n"},
	{"option grub", LOADED, "image = initramfs|tar|oci|efi\n"},
	{"option partition-table", DISKS, "image = initramfs|iso|tar|oci|efi\n"},
	{"option home-size", "root = disk|live\n" DISKS, "image = initramfs|tar\nroot = ram\n"},
	{"option data-size", "root = disk|live\n" DISKS, "image = initramfs|tar\nroot = ram\n"},
	{"option swap-size", "root = disk|live\n" DISKS, "image = initramfs|tar\nroot = ram\n"},
	{"option grow", "root = disk\n" DISKS, "image = initramfs|tar\nroot = ram|live\n"},
	{"option e2fsprogs", "grow = yes\nroot = disk\n" DISKS, "grow = no\nroot = ram\n"},
	{"option util-linux", "grow = yes\nroot = disk\n" DISKS, "grow = no\nroot = ram\n"},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* One of the conditions: a rule or advice, or a value of an option, or an option. */
struct condition {
	const struct rule *rule;
	const struct option *option;
	const struct option_value *value;
	bool refuses;
};

static struct place place;
static struct catalog catalog;
static struct arena arena;
static VEC(struct condition) conditions;
static size_t uses[ROWS];

static void add(struct condition c)
{
	vec_push(&conditions, c);
}

static int set_up(void **state)
{
	const struct option_table *t = &catalog.options;
	struct error err;

	(void)state;
	if (!place_load(&place, &err) || !catalog_load(&catalog, &place, &err)) {
		print_error("%s\n", err.text);
		return -1;
	}
	for (size_t i = 0; i < t->rules.n; i++)
		add((struct condition){.rule = &t->rules.at[i], .refuses = true});
	for (size_t i = 0; i < t->advice.n; i++)
		add((struct condition){.rule = &t->advice.at[i]});
	for (size_t i = 0; i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];

		if (o->when.n)
			add((struct condition){.option = o});
		for (size_t k = 0; k < o->values.n; k++)
			if (o->values.at[k].reason)
				add((struct condition){
					.option = o, .value = &o->values.at[k], .refuses = true});
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	vec_release(&conditions);
	catalog_release(&catalog);
	place_release(&place);
	arena_release(&arena);
	return 0;
}

static const char *title(const struct condition *c)
{
	if (c->rule)
		return c->rule->reason;
	if (c->value)
		return arena_fmt(&arena, "%s = %s", c->option->name, c->value->name);
	return arena_fmt(&arena, "option %s", c->option->name);
}

static bool is_met(const struct condition *c, const struct profile *p)
{
	if (c->rule)
		return guard_holds(&c->rule->when, profile_lookup, p);
	if (!c->value)
		return profile_option_available(p, c->option, NULL);
	return strstr(profile_get(p, c->option->name), c->value->name) &&
	       !profile_value_available(p, c->option, c->value, NULL);
}

static const struct row *row_of(const struct condition *c)
{
	const struct row *found = NULL;
	const char *name = title(c);

	for (size_t i = 0; i < ROWS; i++) {
		size_t len = strlen(rows[i].what);

		if (strncmp(rows[i].what, name, len) != 0 || (!c->rule && name[len]))
			continue;
		assert_null(found);
		found = &rows[i];
		uses[i]++;
	}
	if (!found)
		fail_msg("%s:%d: no row of this test meets this condition: %s",
			c->rule ? c->rule->file : c->option->file,
			c->rule ? c->rule->line : c->option->line, name);
	return found;
}

/* ---- choices ---- */

/* "image = iso|disk" has two; NULL behind the last one. */
static const char *alternative(const char *line, size_t number)
{
	size_t equals = strcspn(line, "=") + 1;
	const char *value = line + equals + 1;

	for (; number; number--) {
		value += strcspn(value, "|");
		if (!*value++)
			return NULL;
	}
	return arena_fmt(&arena, "%.*s %.*s", (int)equals, line, (int)strcspn(value, "|"), value);
}

static void split(struct strings *out, const char *source)
{
	for (; *source; source += strcspn(source, "\n") + 1)
		vec_push(out, arena_strn(&arena, source, strcspn(source, "\n")));
}

/* Sets what the lines say, with `other` in place of its own line (NULL: that line is left out) and `more` at the end. */
static void choose(struct profile *p, const struct strings *lines, size_t changed,
	const char *other, const char *more)
{
	struct error err;

	profile_init(p, &catalog, "test");
	for (size_t i = 0; i <= lines->n; i++) {
		const char *line = i == lines->n  ? more
				   : i == changed ? other
						  : alternative(lines->at[i], 0);
		size_t name = line ? strcspn(line, " ") : 0;

		if (line && !profile_set(p, arena_strn(&arena, line, name), line + name + 3, &err))
			fail_msg("%s: %s", line, err.text);
	}
}

static void expect(const struct condition *c, struct profile *p, bool met, const char *line)
{
	if (is_met(c, p) != met)
		fail_msg("%s: %s with %s", title(c), met ? "it is not met" : "it is met",
			line ? line : "a line left out");
	profile_release(p);
}

/* The person sees the sentence of the rule that refuses, and no other hides it. */
static void expect_refusal(const struct condition *c, const struct profile *p)
{
	const char *reason = c->rule ? c->rule->reason : c->value->reason;
	struct error err = {0};

	assert_false(profile_check(p, &err));
	assert_int_equal(err.kind, ERROR_PROFILE);
	if (!strstr(err.text, reason))
		fail_msg("'%s' does not say '%s'", err.text, reason);
	for (size_t i = 0; i < conditions.n; i++) {
		const struct condition *d = &conditions.at[i];

		if (d->refuses && d->rule != c->rule && d->value != c->value && is_met(d, p))
			fail_msg("%s: met beside %s", title(d), title(c));
	}
}

static void look_at(const struct condition *c)
{
	const struct row *row = row_of(c);
	struct strings meets = {0}, avoids = {0};
	struct profile p;
	const char *line;

	split(&meets, row->meets);
	split(&avoids, row->avoids);
	choose(&p, &meets, meets.n, NULL, NULL);
	if (c->refuses)
		expect_refusal(c, &p);
	expect(c, &p, true, row->meets);
	for (size_t i = 0; i < meets.n; i++) {
		choose(&p, &meets, i, NULL, NULL);
		expect(c, &p, false, NULL);
		for (size_t k = 1; (line = alternative(meets.at[i], k)); k++) {
			choose(&p, &meets, i, line, NULL);
			expect(c, &p, true, line);
		}
	}
	for (size_t i = 0; i < avoids.n; i++)
		for (size_t k = 0; (line = alternative(avoids.at[i], k)); k++) {
			choose(&p, &meets, meets.n, NULL, line);
			expect(c, &p, false, line);
		}
	vec_release(&meets);
	vec_release(&avoids);
}

static void each_condition_is_met_by_its_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < conditions.n; i++)
		look_at(&conditions.at[i]);
	for (size_t i = 0; i < ROWS; i++)
		if (uses[i] != 1)
			fail_msg("%s: %zu conditions in share/options are this", rows[i].what,
				uses[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_condition_is_met_by_its_row),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
