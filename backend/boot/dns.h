/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers of a minimal name server: one name has one IPv4 address, all others do not exist (RFC 1035). The packets come from an
 * untrusted guest: whatever they hold, an answer is at most DNS_ANSWER bytes or there is none.
 */
#ifndef DNS_H
#define DNS_H

#include <stddef.h>
#include <stdint.h>

enum { DNS_ANSWER = 512 };

/* Writes the answer to one question and returns its length; 0: no answer. */
size_t dns_answer(const void *question, size_t len, const char *name, const uint8_t address[4],
	uint8_t answer[DNS_ANSWER]);

#endif
