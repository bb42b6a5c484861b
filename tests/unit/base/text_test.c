/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bricks: text, typed arrays, arenas, errors, hashing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void text_grows_and_stays_terminated(void **state)
{
	struct text t = TEXT_INIT;

	(void)state;
	assert_string_equal(t.s, "");
	for (int i = 0; i < 10000; i++)
		text_fmt(&t, "%d,", i % 10);
	assert_int_equal(t.len, 20000);
	assert_int_equal(strlen(t.s), 20000);
	text_clear(&t);
	assert_string_equal(t.s, "");
	text_add(&t, "a\0b", 3);
	assert_int_equal(t.len, 3);
	text_release(&t);
	assert_string_equal(t.s, "");
}

static void file_longer_than_the_limit_is_refused(void **state)
{
	struct text t = TEXT_INIT;
	struct error err;

	(void)state;
	assert_false(text_read_file(&t, "/dev/zero", 100000, &err));
	assert_non_null(strstr(err.text, "/dev/zero"));
	text_release(&t);
	assert_false(text_read_file(&t, "/", 10, &err));
	assert_non_null(strstr(err.text, "folder"));
	text_release(&t);
}

static void vectors_and_arenas(void **state)
{
	struct arena a = ARENA_INIT;
	struct strings v = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		vec_push(&v, arena_fmt(&a, "string number %d", i));
	assert_int_equal(v.n, 1000);
	assert_string_equal(v.at[999], "string number 999");
	vec_release(&v);
	for (int i = 0; i < 1000; i++)
		vec_push_in(&a, &v, arena_fmt(&a, "%d", i));
	assert_int_equal(v.n, 1000);
	assert_string_equal(v.at[7], "7");
	assert_string_equal(v.at[999], "999");
	assert_null(arena_str(&a, NULL));
	assert_int_equal((uintptr_t)arena_alloc(&a, 3) % 16, 0);
	assert_int_equal(*(char *)arena_alloc(&a, 1 << 21), 0);
	arena_release(&a);
}

/* Runs in a child, which is expected to be stopped by abort(). */
static bool aborts(void (*mistake)(struct arena *, struct strings *, struct strings *))
{
	struct arena a = ARENA_INIT;
	struct strings heap = {0}, inside = {0};
	int status;
	pid_t pid;

	vec_push(&heap, "x");
	vec_push_in(&a, &inside, "x");
	pid = fork();
	if (pid == 0) {
		mistake(&a, &heap, &inside);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	vec_release(&heap);
	arena_release(&a);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void none(struct arena *a, struct strings *heap, struct strings *inside)
{
	vec_push(heap, "y");
	vec_release(heap);
	vec_push_in(a, inside, "y");
}

static void push(struct arena *a, struct strings *heap, struct strings *inside)
{
	(void)a;
	(void)heap;
	vec_push(inside, "y");
}

static void push_in(struct arena *a, struct strings *heap, struct strings *inside)
{
	(void)inside;
	vec_push_in(a, heap, "y");
}

static void release(struct arena *a, struct strings *heap, struct strings *inside)
{
	(void)a;
	(void)heap;
	vec_release(inside);
}

static void a_vector_on_the_heap_is_not_taken_for_one_in_an_arena(void **state)
{
	(void)state;
	assert_false(aborts(none));
	assert_true(aborts(push));
	assert_true(aborts(push_in));
	assert_true(aborts(release));
}

static void errors_have_prefix_and_kind(void **state)
{
	struct error err;
	char longer[3000];

	(void)state;
	assert_false(error_set(&err, ERROR_PROFILE, "bad %s", "value"));
	assert_false(error_in(&err, "file:%d", 3));
	assert_string_equal(err.text, "file:3: bad value");
	assert_int_equal(err.kind, ERROR_PROFILE);
	errno = ENOSPC;
	error_errno(&err, "x");
	assert_int_equal(err.kind, ERROR_HOST);
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	error_set(&err, ERROR_INTERNAL, "%s", longer);
	error_in(&err, "%s", longer);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void known_hashes(void **state)
{
	char hex[HASH_HEX];

	(void)state;
	hash_bytes("abc", 3, hex); /* the example of FIPS 180-4 */
	assert_string_equal(
		hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(hash_is_hex(hex));
	hex[0] = 'A';
	assert_false(hash_is_hex(hex));
}

/* Zeros are zeros, written or not: at the front, within, at the end, and where there is nothing else. */
static void holes_count_as_zeros(void **state)
{
	enum { SIZE = 3 * 1024 * 1024 + 17 };
	static char bytes[SIZE];
	static const size_t places[][2] = {{0, 0}, {5000, 10}, {1 << 20, 100}, {SIZE - 1, 1}};
	char path[] = "/tmp/holes.XXXXXX", sparse[HASH_HEX], dense[HASH_HEX];
	int fd = mkstemp(path);
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		memset(bytes + places[i][0], 'x', places[i][1]);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(ftruncate(fd, SIZE), 0);
		for (size_t k = 0; k <= i; k++)
			assert_int_equal(
				pwrite(fd, bytes + places[k][0], places[k][1], (off_t)places[k][0]),
				places[k][1]);
		assert_true(hash_file(path, sparse, &err));
		hash_bytes(bytes, SIZE, dense);
		assert_string_equal(sparse, dense);
	}
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_grows_and_stays_terminated),
		cmocka_unit_test(file_longer_than_the_limit_is_refused),
		cmocka_unit_test(vectors_and_arenas),
		cmocka_unit_test(a_vector_on_the_heap_is_not_taken_for_one_in_an_arena),
		cmocka_unit_test(errors_have_prefix_and_kind),
		cmocka_unit_test(known_hashes),
		cmocka_unit_test(holes_count_as_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
