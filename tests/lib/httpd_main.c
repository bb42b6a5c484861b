/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * httpd ROOT PORTFILE [RULE...]: the test server as a program. The port is in PORTFILE once it answers; PORTFILE.log gets a line
 * for each request.
 */
#include "httpd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *join(char **words, int n)
{
	size_t size = 1;
	char *all;

	for (int i = 0; i < n; i++)
		size += strlen(words[i]) + 1;
	all = calloc(1, size);
	for (int i = 0; all && i < n; i++)
		snprintf(all + strlen(all), size - strlen(all), "%s\n", words[i]);
	return all;
}

int main(int argc, char **argv)
{
	char name[4096], log[4096];
	int port, listener;
	FILE *f;

	if (argc < 3) {
		fprintf(stderr, "usage: httpd ROOT PORTFILE [RULE...]\n");
		return 2;
	}
	listener = httpd_listen(&port);
	snprintf(name, sizeof name, "%s.new", argv[2]);
	snprintf(log, sizeof log, "%s.log", argv[2]);
	f = fopen(name, "we");
	if (!f || fprintf(f, "%d\n", port) < 0 || fclose(f) != 0 || rename(name, argv[2]) != 0) {
		perror(argv[2]);
		return 1;
	}
	httpd_serve(listener, argv[1], join(argv + 3, argc - 3), log);
}
