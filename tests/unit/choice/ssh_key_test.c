/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines are public SSH keys, keys that are named by their file, and the throw-away pair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "choice/ssh_key.h"

#define ED25519 "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

static void refuse(const char *line, const char *word)
{
	struct error err = {0};

	assert_false(ssh_key_accept(line, &err));
	assert_int_equal(err.kind, ERROR_PROFILE);
	if (!strstr(err.text, word))
		print_error("%s\n", err.text);
	assert_non_null(strstr(err.text, word));
}

static void test_accept(void **state)
{
	struct error err = {0};

	(void)state;
	assert_true(ssh_key_accept("ssh-ed25519 " ED25519, &err));
	assert_true(
		ssh_key_accept("ssh-ed25519 " ED25519 " me@example.org on \"my\" machine", &err));
	refuse("", "no public SSH key here");
	refuse("ssh-ed25519", "not whole");
	refuse("ssh-ed25519 ", "not whole");
	refuse("ssh-ed25519 AAAA", "not whole");
	refuse("ssh-ed25519 !!!!", "not whole");
	refuse("ssh-rsa " ED25519, "not whole"); /* says one type, is another */
	refuse("ssh-dss " ED25519, "not a public SSH key");
	refuse("command=\"x ssh-ed25519 " ED25519, "not a public SSH key");
	refuse("ssh-dss AAAA ssh-ed25519 " ED25519, "not a public SSH key");
	refuse("no-pty", "not a public SSH key");
	refuse("ssh-ed25519 " ED25519 "\nssh-ed25519 AAAA", "line 2: the key after");
	refuse("# nothing else\n\n", "no public SSH key here");
	refuse("ssh-ed25519 " ED25519 " \x1b[2J", "control");
	refuse("-----BEGIN OPENSSH PRIVATE KEY-----", "private");
}

/* As in authorized_keys: several keys, comments, and what a key may do before it. */
static void test_lines(void **state)
{
	struct error err = {0};

	(void)state;
	assert_true(ssh_key_accept("ssh-ed25519 " ED25519 " a\n# b\n\nssh-ed25519 " ED25519, &err));
	assert_true(ssh_key_accept("no-pty,command=\"a \\\" b\" ssh-ed25519 " ED25519 " me", &err));
	assert_true(ssh_key_accept("from=\"10.0.0.0/8\"  ssh-ed25519 " ED25519, &err));
}

/* A line longer than any key is not a key, and its comment counts. (Mutation: the limit is doubled.) */
static void test_longest(void **state)
{
	char line[4098];
	struct error err;

	(void)state;
	memset(line, 'x', sizeof line);
	memcpy(line, "ssh-ed25519 " ED25519 " ", strlen("ssh-ed25519 " ED25519 " "));
	line[4096] = '\0';
	assert_true(ssh_key_accept(line, &err));
	line[4096] = 'x';
	line[4097] = '\0';
	refuse(line, "at most 4096 bytes");
}

/* Every beginning of a good line is judged without reading past it. */
static void test_cut_lines(void **state)
{
	static const char line[] = "ssh-ed25519 " ED25519;

	(void)state;
	for (size_t len = 0; len < sizeof line - 1; len++) {
		struct error err;
		char *cut = strndup(line, len);

		(void)!ssh_key_accept(cut, &err);
		free(cut);
	}
}

static void test_files(void **state)
{
	char path[] = "/tmp/ssh key.XXXXXX";
	struct arena a = ARENA_INIT;
	struct error err = {0};
	int fd = mkstemp(path);

	(void)state;
	assert_string_equal(ssh_key_from_file("ssh-ed25519 x", &a, &err), "ssh-ed25519 x");
	dprintf(fd, "# two people\r\nssh-ed25519 " ED25519 " me\r\n\nno-pty ssh-ed25519 " ED25519);
	assert_string_equal(ssh_key_from_file(path, &a, &err),
		"ssh-ed25519 " ED25519 " me\nno-pty ssh-ed25519 " ED25519);
	dprintf(fd, "\nanother line\n");
	assert_null(ssh_key_from_file(path, &a, &err));
	assert_non_null(strstr(err.text, "line 5: 'another line' is not a public SSH key"));
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_null(ssh_key_from_file(path, &a, &err));
	assert_non_null(strstr(err.text, path));
	close(fd);
	unlink(path);
	assert_null(ssh_key_from_file(path, &a, &err));
	assert_int_equal(err.kind, ERROR_PROFILE);
	setenv("HOME", "/nowhere at all", 1);
	assert_null(ssh_key_from_file("~/id.pub", &a, &err));
	assert_non_null(strstr(err.text, "/nowhere at all/id.pub"));
	arena_release(&a);
}

static void test_make(void **state)
{
	char folder[] = "/tmp/ssh key.XXXXXX", path[80];
	struct text first = TEXT_INIT, second = TEXT_INIT, private_key = TEXT_INIT;
	struct error err = {0};
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/key", folder);
	assert_true(ssh_key_make(path, "a name", &first, &err));
	assert_true(ssh_key_accept(first.s, &err));
	assert_non_null(strstr(first.s, " a name"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(text_read_file(&private_key, path, 4096, &err));
	assert_int_equal(strncmp(private_key.s, "-----BEGIN EC PRIVATE KEY-----", 30), 0);
	assert_true(ssh_key_make(path, "a name", &second, &err));
	assert_string_not_equal(first.s, second.s);
	assert_false(ssh_key_make(folder, "x", &second, &err));
	unlink(path);
	rmdir(folder);
	text_release(&first);
	text_release(&second);
	text_release(&private_key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_cut_lines),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
