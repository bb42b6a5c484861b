/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares with the formats of the checkout's data, and asserts that the work folder is empty afterwards. */
#include "compared.h"

#include "base/place.h"
#include "choice/catalog.h"
#include "choice/catalog_load.h"
#include "contents/compare.h"
#include "scratch.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

void compared(struct comparison *k, struct scratch *s)
{
	struct place place;
	struct catalog catalog = {.place = &place};
	struct error err;
	DIR *dir;
	int n = 0;

	comparison_release(k);
	assert_true(place_load(&place, &err) && format_load_all(&catalog, &err));
	if (!compare_files(k, scratch_path(s, "first"), scratch_path(s, "second"),
		    scratch_path(s, "work"), &catalog, &err))
		fail_msg("%s", err.text);
	dir = opendir(scratch_path(s, "work"));
	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	assert_int_equal(n, 2); /* . and .. */
	catalog_release(&catalog);
	place_release(&place);
}
