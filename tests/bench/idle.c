/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * idle PLAN COMMAND...: runs a build with --json as COMMAND, PLAN being what `plan --json` said before it, and looks at
 * /proc/stat all the while. Prints "WALL BUSY IDLE CORES STATUS": seconds of the build; seconds of them in which there was work
 * for more than one (two steps ran, or one was ready to); the time that cores stood idle in these, summed over all cores; how
 * many cores there are; the command's exit status. Downloads are no work for a core.
 *
 * What others do on the machine makes cores busy, too: it has to be left alone meanwhile.
 */
#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 50 };
enum state { WAITS, RUNS, DONE };

struct idle {
	json_t *plan;
	json_t *steps; /* of the plan, which owns them */
	enum state *states;
	size_t n;
	char line[1 << 16]; /* of the build, as far as it has come */
	size_t len;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static const char *text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static bool load(struct idle *x, const char *path)
{
	x->plan = json_load_file(path, 0, NULL);
	x->steps = json_object_get(x->plan, "steps");
	x->n = json_array_size(x->steps);
	x->states = calloc(x->n ? x->n : 1, sizeof *x->states);
	for (size_t i = 0; x->states && i < x->n; i++)
		if (strcmp(text_of(json_array_get(x->steps, i), "state"), "cached") == 0)
			x->states[i] = DONE;
	return x->states && x->n;
}

static void clear(struct idle *x)
{
	json_decref(x->plan);
	free(x->states);
}

static void set(struct idle *x, const char *id, enum state state)
{
	for (size_t i = 0; i < x->n; i++)
		if (strcmp(text_of(json_array_get(x->steps, i), "id"), id) == 0)
			x->states[i] = state;
}

static bool is_done(const struct idle *x, const char *id)
{
	for (size_t i = 0; i < x->n; i++)
		if (strcmp(text_of(json_array_get(x->steps, i), "id"), id) == 0)
			return x->states[i] == DONE;
	return true;
}

static bool is_ready(const struct idle *x, size_t i)
{
	const json_t *needs = json_object_get(json_array_get(x->steps, i), "needs");

	for (size_t k = 0; k < json_array_size(needs); k++)
		if (!is_done(x, json_string_value(json_array_get(needs, k))))
			return false;
	return x->states[i] == WAITS;
}

/* Is there work for more than one? */
static bool is_busy(const struct idle *x)
{
	size_t run = 0;

	for (size_t i = 0; i < x->n; i++) {
		if (strcmp(text_of(json_array_get(x->steps, i), "kind"), "download") == 0)
			continue;
		if (is_ready(x, i))
			return true;
		run += x->states[i] == RUNS;
	}
	return run > 1;
}

static void take_line(struct idle *x)
{
	json_t *o = json_loads(x->line, 0, NULL);
	const char *event = text_of(o, "event");

	if (strcmp(event, "step-start") == 0)
		set(x, text_of(o, "step"), RUNS);
	else if (strcmp(event, "step-done") == 0)
		set(x, text_of(o, "step"), DONE);
	json_decref(o);
}

/* False at the end. */
static bool take_output(struct idle *x, int fd)
{
	char bytes[4096];
	ssize_t got = read(fd, bytes, sizeof bytes);

	for (ssize_t i = 0; i < got; i++) {
		if (bytes[i] == '\n') {
			x->line[x->len] = '\0';
			take_line(x);
			x->len = 0;
		} else if (x->len < sizeof x->line - 1) {
			x->line[x->len++] = bytes[i];
		}
	}
	return got > 0;
}

/* Seconds that all cores together have been idle since the machine started; waiting for a disk is idle. */
static double idle_seconds(void)
{
	unsigned long long idle = 0, disk = 0;
	FILE *f = fopen("/proc/stat", "re");

	if (!f || fscanf(f, "cpu %*u %*u %*u %llu %llu", &idle, &disk) != 2)
		idle = 0;
	if (f)
		fclose(f);
	return (double)(idle + disk) / (double)sysconf(_SC_CLK_TCK);
}

static pid_t start(char **argv, int *out)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(ends[1]);
	*out = ends[0];
	return pid;
}

int main(int argc, char **argv)
{
	static struct idle x;
	double began = now(), at = began, idle_at = idle_seconds(), busy = 0, idle = 0;
	struct pollfd build = {.events = POLLIN};
	bool more = true;
	int status = 0;
	pid_t pid;

	if (argc < 3 || !load(&x, argv[1])) {
		fprintf(stderr, "usage: idle PLAN COMMAND..., with a plan that has steps\n");
		clear(&x);
		return 2;
	}
	pid = start(argv + 2, &build.fd);
	while (pid > 0 && more) {
		bool counts = is_busy(&x);
		double before = at, idle_before = idle_at;

		if (poll(&build, 1, LOOK_MS) > 0)
			more = take_output(&x, build.fd);
		at = now();
		idle_at = idle_seconds();
		busy += counts ? at - before : 0;
		idle += counts ? idle_at - idle_before : 0;
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	printf("%.3f %.3f %.3f %ld %d\n", now() - began, busy, idle, sysconf(_SC_NPROCESSORS_ONLN),
		WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	clear(&x);
	return 0;
}
