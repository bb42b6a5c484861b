/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spoil FILE OFFSET: a device that does not keep what is written to it: any byte at that offset of the file becomes 0xa5 again,
 * until this program is ended.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const unsigned char bad = 0xa5;
	off_t at = argc == 3 ? (off_t)strtoll(argv[2], NULL, 10) : -1;
	int fd = at >= 0 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1, news = inotify_init1(IN_CLOEXEC);
	unsigned char byte;
	char events[4096];

	if (fd < 0 || inotify_add_watch(news, argv[1], IN_MODIFY) < 0) {
		fprintf(stderr, "usage: spoil FILE OFFSET\n");
		return 2;
	}
	do {
		if (pread(fd, &byte, 1, at) != 1 || (byte != bad && pwrite(fd, &bad, 1, at) != 1))
			return 1;
	} while (read(news, events, sizeof events) > 0);
	return 1;
}
