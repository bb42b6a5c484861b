/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of sources (the first byte says which file): the catalogue, the extract of the package index, which servers were
 * dead, what was chosen. Damaged ones are a sentence or as good as none; what is offered has a name and an address.
 */
#include "base/error.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/settings.h"
#include "foreign.h"
#include "replay.h"
#include "source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[] = {
		"share/catalogue/linux", "index/debian", "index/dead", "index/chosen"};
	static const enum origin order[] = {
		ORIGIN_CACHE, ORIGIN_MIRROR, ORIGIN_UPSTREAM, ORIGIN_DEBIAN};
	const struct catalog catalog = {.place = foreign_place()};
	struct settings settings = {.jobs = 1, .launcher = "", .refresh_hours = 24};
	struct source_wish wish = {.component = "linux", .wanted = "6.12"};
	struct source_choice choice = {0};
	struct archive_list list = {0};
	struct sources *s = NULL;
	struct error err = {0};

	for (size_t i = 0; i < 4; i++) {
		bool mine = size && data[0] % 4U == i;

		vec_push(&settings.origins, order[i]);
		foreign_put(files[i], mine ? data + 1 : data, mine ? size - 1 : 0);
	}
	replay_must(sources_open(&s, &catalog, &settings, SOURCES_OFFLINE, NULL, NULL, &err));
	if (!sources_versions(s, "linux", false, &list, &err))
		replay_must(err.text[0]);
	else if (!sources_choose(s, &wish, &choice, &err))
		replay_must(err.text[0]);
	for (size_t i = 0; i < list.n; i++)
		replay_must(list.at[i].version && list.at[i].url && list.at[i].file);
	sources_free(s);
	vec_release(&settings.origins);
	return 0;
}
