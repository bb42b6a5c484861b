/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes everything, or returns false with errno set: write(2) and pwrite(2) may write less than asked or be interrupted. */
#ifndef WRITE_H
#define WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool write_all(int fd, const void *bytes, size_t len);
bool write_all_at(int fd, const void *bytes, size_t len, uint64_t at);

#endif
