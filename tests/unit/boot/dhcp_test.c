/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The DHCP server of a test boot's own bridge: two questions have an answer, everything else has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "boot/dhcp.h"

static const struct dhcp_lease lease = {
	{10, 0, 2, 15}, {255, 255, 255, 0}, {10, 0, 2, 2}, {10, 0, 2, 3}};

/* A question of the kind, as udhcpc asks it, with a few other options before it. */
static size_t ask(uint8_t kind, uint8_t q[300])
{
	static const uint8_t options[] = {0, 61, 3, 1, 2, 3, 53, 1};

	memset(q, 0, 300);
	q[0] = q[1] = 1;
	q[2] = 6;
	memcpy(q + 4, "\x01\x02\x03\x04", 4);
	memcpy(q + 28, "\x52\x54\x00\x12\x34\x56", 6);
	memcpy(q + 236, "\x63\x82\x53\x63", 4);
	memcpy(q + 240, options, sizeof options);
	q[240 + sizeof options] = kind;
	q[241 + sizeof options] = 255;
	return 300;
}

static void test_answers(void **state)
{
	static const uint8_t options[] = {54, 4, 10, 0, 2, 2, 51, 4, 0, 1, 0x51, 0x80, 1, 4, 255,
		255, 255, 0, 3, 4, 10, 0, 2, 2, 6, 4, 10, 0, 2, 3, 255};
	uint8_t q[300], a[DHCP_ANSWER];

	(void)state;
	assert_int_equal(dhcp_answer(q, ask(1, q), &lease, a), DHCP_ANSWER);
	assert_int_equal(a[0], 2);
	assert_memory_equal(a + 4, "\x01\x02\x03\x04", 4);
	assert_memory_equal(a + 16, lease.guest, 4);
	assert_memory_equal(a + 28, "\x52\x54\x00\x12\x34\x56", 6);
	assert_memory_equal(a + 240, "\x35\x01\x02", 3); /* an offer */
	assert_memory_equal(a + 243, options, sizeof options);
	assert_int_equal(dhcp_answer(q, ask(3, q), &lease, a), DHCP_ANSWER);
	assert_memory_equal(a + 240, "\x35\x01\x05", 3); /* it is yours */
}

static void test_nonsense(void **state)
{
	uint8_t q[300], a[DHCP_ANSWER];
	size_t len;

	(void)state;
	assert_int_equal(dhcp_answer(q, ask(4, q), &lease, a), 0);
	assert_int_equal(dhcp_answer(q, ask(7, q), &lease, a), 0);
	len = ask(1, q);
	q[0] = 2;
	assert_int_equal(dhcp_answer(q, len, &lease, a), 0);
	len = ask(1, q);
	q[236] = 0;
	assert_int_equal(dhcp_answer(q, len, &lease, a), 0);
	/* cut off anywhere before the kind is there */
	len = ask(1, q);
	for (size_t cut = 0; cut <= 248; cut++)
		assert_int_equal(dhcp_answer(q, cut, &lease, a), 0);
	assert_int_equal(dhcp_answer(q, 249, &lease, a), DHCP_ANSWER);
	/* an option longer than the packet */
	len = ask(1, q);
	q[242] = 255;
	assert_int_equal(dhcp_answer(q, len, &lease, a), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers), cmocka_unit_test(test_nonsense)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
