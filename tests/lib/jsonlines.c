/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * jsonlines [build|boot|plan|verify|size|devices] < output: is every line one JSON object, and for a verb of the contract: does
 * each have the promised members with the right types, and does the last one end the run? Prints the first fault.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types as letters: s string, n number, b true or false, o object, a array, x anything. A '?' after it: may be absent. */
struct promise {
	const char *verb, *event;
	const char *members; /* "name:type name:type?" */
};

static const struct promise promises[] = {
	{"build", "step-start", "step:s"},
	{"build", "progress", "step:s done:n total:n unit:s"},
	{"build", "step-done", "step:s result:s seconds:n"},
	{"build", "finished", "ok:b seconds:n steps:o artifacts:a"},
	{"boot", "verdict",
		"verdict:s accel:s firmware:s ready_seconds:x checks:a diagnosis:x log:s"},
	{"verify", "verified", "ok:b images_only:b artifacts:a varied:a"},
	{"boot", "grid", "ok:b status:n seconds:n cells:a"},
	{"size", NULL, "file:s bytes:n content:n? parts:a? packages:a? files:a? set_id:a?"},
	{"devices", NULL, "name:s path:s model:s serial:s bus:s bytes:n parts:a refusal:x"},
	{"plan", NULL, "profile:s steps:a forecast:o"},
};

static const char *const failure =
	"step:s command:a exit:n line:s cause:s remedy:s log:s result:s seconds:n";

static bool has_type(const json_t *value, char type)
{
	switch (type) {
	case 's':
		return json_is_string(value);
	case 'n':
		return json_is_number(value);
	case 'b':
		return json_is_boolean(value);
	case 'o':
		return json_is_object(value);
	case 'a':
		return json_is_array(value);
	default:
		return value != NULL;
	}
}

static bool has_members(const json_t *object, const char *members)
{
	char *copy = strdup(members), *rest = NULL;
	bool ok = copy != NULL;

	for (char *word = strtok_r(copy, " ", &rest); ok && word;
		word = strtok_r(NULL, " ", &rest)) {
		char *type = strchr(word, ':');
		const json_t *value;

		*type++ = '\0';
		value = json_object_get(object, word);
		ok = value ? has_type(value, type[0]) : type[1] == '?';
		if (!ok)
			printf("member '%s' is missing or not of type %c\n", word, type[0]);
	}
	free(copy);
	return ok;
}

static bool line_is_good(const char *verb, const json_t *object, const char *event)
{
	const char *result = json_string_value(json_object_get(object, "result"));

	for (size_t i = 0; i < sizeof promises / sizeof *promises; i++) {
		const struct promise *p = &promises[i];
		bool applies = strcmp(p->verb, verb) == 0 &&
			       (p->event == NULL || (event && strcmp(p->event, event) == 0));

		if (applies && !has_members(object, p->members))
			return false;
	}
	if (event && strcmp(event, "step-done") == 0 && result && strcmp(result, "failed") == 0)
		return has_members(object, failure);
	return true;
}

static bool is_last(const char *verb, const char *event)
{
	if (strcmp(verb, "build") == 0)
		return event && strcmp(event, "finished") == 0;
	if (strcmp(verb, "verify") == 0)
		return event && strcmp(event, "verified") == 0;
	if (strcmp(verb, "boot") == 0)
		return event && (strcmp(event, "verdict") == 0 || strcmp(event, "grid") == 0);
	return true;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	char *line = NULL;
	size_t cap = 0, number = 0;
	bool last = false, ok = true;

	while (ok && getline(&line, &cap, stdin) > 0) {
		json_error_t error;
		json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
		const char *event = json_string_value(json_object_get(object, "event"));

		number++;
		if (!object)
			printf("not JSON: %s\n", error.text);
		ok = object && line_is_good(verb, object, event);
		last = is_last(verb, event);
		json_decref(object);
		if (!ok)
			printf("in line %zu: %s", number, line);
	}
	if (ok && (number == 0 || !last))
		printf("%zu lines, and the last one does not end the output\n", number);
	free(line);
	return ok && number && last ? 0 : 1;
}
