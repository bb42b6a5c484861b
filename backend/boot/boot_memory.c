/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remembers in the cache what was found out about KVM, until this machine reboots: "BOOT_ID EMULATOR kvm-is-bad". Another kernel,
 * another emulator or a reboot are reasons to try again.
 */
#include "boot/boot.h"

#include "base/boot_id.h"
#include "base/place.h"
#include "base/text.h"
#include "proc/proc.h"

#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

/* The line that the file would contain now; empty if unknown. */
static void identity(const char *program, struct text *out)
{
	struct text path = TEXT_INIT;
	struct stat st;

	boot_id(out);
	if (strcmp(out->s, "unknown") != 0 && proc_find(program, NULL, &path) &&
		stat(path.s, &st) == 0) {
		text_fmt(out, " %s %lld-%lld-%lld kvm-is-bad\n", program, (long long)st.st_ino,
			(long long)st.st_size, (long long)st.st_mtime);
	} else {
		text_clear(out);
	}
	text_release(&path);
}

bool boot_kvm_is_bad(const struct place *place, const char *program)
{
	struct text path = TEXT_INIT, kept = TEXT_INIT, now = TEXT_INIT;
	struct error err;
	bool bad;

	text_fmt(&path, "%s/index/accel", place->cache);
	identity(program, &now);
	bad = now.len && text_read_file(&kept, path.s, 4096, &err) && strcmp(kept.s, now.s) == 0;
	text_release(&path);
	text_release(&kept);
	text_release(&now);
	return bad;
}

/* If it cannot be written the next boot takes a few seconds longer, no more. */
void boot_remember_bad_kvm(const struct place *place, const char *program)
{
	struct text path = TEXT_INIT, now = TEXT_INIT;
	struct error err;
	bool kept;

	text_fmt(&path, "%s/index", place->cache);
	identity(program, &now);
	kept = now.len && place_make_folder(path.s, &err);
	text_str(&path, "/accel");
	kept = kept && place_write_file(path.s, now.s, now.len, &err);
	(void)kept;
	text_release(&path);
	text_release(&now);
}
