/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's name server: right questions, wrong ones and hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "boot/dns.h"

static const uint8_t address[4] = {192, 0, 2, 7};

/* A question for `name` with labels written out as in the packet. */
static size_t question(uint8_t *q, const char *name, unsigned type)
{
	static const uint8_t head[12] = {0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
	size_t len = strlen(name) + 1;

	memcpy(q, head, sizeof head);
	memcpy(q + 12, name, len);
	memcpy(q + 12 + len, (const uint8_t[]){0, (uint8_t)type, 0, 1}, 4);
	return 12 + len + 4;
}

static size_t ask(const void *q, size_t len, uint8_t answer[DNS_ANSWER])
{
	/* on the heap, so that reading past the end is seen by the sanitizer */
	uint8_t *copy = malloc(len ? len : 1);
	size_t n;

	memcpy(copy, q, len);
	n = dns_answer(copy, len, "hello.test", address, answer);
	free(copy);
	assert_true(n <= DNS_ANSWER);
	return n;
}

static void test_address(void **state)
{
	uint8_t q[300], a[DNS_ANSWER];
	size_t len = question(q, "\5hELLo\4test", 1), n = ask(q, len, a);

	(void)state;
	assert_int_equal(n, len + 16);
	assert_int_equal(a[0] << 8 | a[1], 0xabcd);
	assert_int_equal(a[2] & 0x81, 0x81); /* an answer; recursion as asked */
	assert_int_equal(a[3] & 0x0f, 0);
	assert_int_equal(a[7], 1);
	assert_memory_equal(a + 12, q + 12, len - 12);
	assert_memory_equal(a + n - 4, address, 4);
}

static void test_other_type(void **state)
{
	uint8_t q[300], a[DNS_ANSWER];
	size_t len = question(q, "\5hello\4test", 28), n = ask(q, len, a);

	(void)state;
	assert_int_equal(n, len);
	assert_int_equal(a[3] & 0x0f, 0);
	assert_int_equal(a[7], 0);
}

static void test_other_name(void **state)
{
	uint8_t q[300], a[DNS_ANSWER];

	(void)state;
	assert_int_equal(ask(q, question(q, "\4evil\4test", 1), a), 12 + 11 + 4);
	assert_int_equal(a[3] & 0x0f, 3);
	/* a dot inside a label does not make it the same name */
	assert_true(ask(q, question(q, "\12hello.test", 1), a) > 0);
	assert_int_equal(a[3] & 0x0f, 3);
	assert_true(ask(q, question(q, "", 1), a) > 0);
	assert_int_equal(a[3] & 0x0f, 3);
}

static void test_malformed(void **state)
{
	uint8_t q[1500], a[DNS_ANSWER];
	size_t len = question(q, "\5hello\4test", 1);

	(void)state;
	for (size_t cut = 0; cut < 12; cut++)
		assert_int_equal(ask(q, cut, a), 0);
	for (size_t cut = 12; cut < len; cut++) {
		assert_int_equal(ask(q, cut, a), 12);
		assert_int_equal(a[3] & 0x0f, 1);
	}
	q[12] = 0xc0; /* a pointer to itself */
	q[13] = 12;
	assert_int_equal(ask(q, len, a), 12);
	memset(q + 12, 63, 600); /* a name without end */
	assert_int_equal(ask(q, 612, a), 12);
	len = question(q, "\5hello\4test", 1);
	q[5] = 2;
	assert_int_equal(ask(q, len, a), 12);
	q[5] = 1;
	q[2] = 0x80; /* never answer an answer: two servers would talk for ever */
	assert_int_equal(ask(q, len, a), 0);
	q[2] = 0x28; /* an update */
	assert_int_equal(ask(q, len, a), 12);
	assert_int_equal(a[3] & 0x0f, 4);
}

static void test_noise(void **state)
{
	uint8_t q[600], a[DNS_ANSWER];
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)(seed >> 8) % sizeof q;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			q[i] = (uint8_t)(seed >> 16);
		}
		if (len > 12 && round % 2) {
			memcpy(q + 2, "\1\0\0\1", 4);
			q[12] &= 0x0f;
		}
		seed = seed * 1103515245 + 12345;
		ask(q, len, a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_other_type),
		cmocka_unit_test(test_other_name),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
