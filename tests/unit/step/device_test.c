/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks of a fake machine (tests/lib/machine.sh): what they are, what is on them, which may be written. */
#include "base/text.h"
#include "proc/proc.h"
#include "scratch.h"
#include "step/device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIB = 1024 * 1024 };

static struct scratch s;
static struct device_list list;

static void load(void)
{
	struct error err = {0};

	if (!device_list_load(&list, &s.place, &err))
		fail_msg("%s", err.text);
}

static char *mounts, *swaps; /* as they are without what a test adds */

static int make_machine(void **state)
{
	const char *argv[] = {"tests/lib/machine.sh", NULL, NULL};
	struct text out = TEXT_INIT;
	struct error err;
	int status = -1;

	(void)state;
	scratch_make(&s);
	argv[1] = s.place.machine = scratch_path(&s, "machine");
	assert_true(proc_capture(argv, NULL, NULL, 65536, &out, &status, &err));
	if (status)
		fail_msg("%s", out.s);
	text_release(&out);
	mounts = scratch_read(&s, "machine/proc/self/mountinfo");
	swaps = scratch_read(&s, "machine/proc/swaps");
	return 0;
}

static int remove_machine(void **state)
{
	(void)state;
	free(mounts);
	free(swaps);
	scratch_remove(&s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	device_list_release(&list);
	scratch_write(&s, "machine/proc/self/mountinfo", mounts);
	scratch_write(&s, "machine/proc/swaps", swaps);
	return 0;
}

static const struct device *disk(const char *name)
{
	const struct device *d = NULL;
	struct error err = {0};

	if (!device_find(&list, name, &d, &err))
		fail_msg("%s", err.text);
	return d;
}

static void disks_are_described(void **state)
{
	const struct device *d;

	(void)state;
	load();
	d = disk("sdb");
	assert_string_equal(d->path, "/dev/sdb");
	assert_string_equal(d->number, "8:16");
	assert_string_equal(d->model, "Maker Stick 3000");
	assert_string_equal(d->serial, "0123456789AB");
	assert_string_equal(d->bus, "USB");
	assert_int_equal(d->bytes, 96 * MIB);
	assert_true(d->removable);
	assert_int_equal(d->parts.n, 1);
	assert_string_equal(d->parts.at[0].name, "sdb1");
	assert_string_equal(d->parts.at[0].type, "vfat");
	assert_string_equal(d->parts.at[0].label, "OLD PHOTOS");
	d = disk("/dev/mmcblk0");
	assert_string_equal(d->model, "SU64G");
	assert_string_equal(d->bus, "SD");
	assert_true(d->removable);
	assert_string_equal(disk("sdc")->parts.at[0].mounted, "/media/my backup");
	assert_false(disk("mmcblk1")->removable);
	/* nothing was looked at on a disk that is not offered */
	assert_int_equal(disk("sda")->parts.n, 0);
}

static void who_is_meant_is_exact(void **state)
{
	const struct device *d;

	(void)state;
	load();
	d = disk("sdb");
	assert_true(device_is_named(d, "sdb"));
	assert_true(device_is_named(d, "/dev/sdb"));
	assert_true(device_is_named(d, "Maker Stick 3000"));
	assert_true(device_is_named(d, "0123456789AB"));
	assert_false(device_is_named(d, ""));
	assert_false(device_is_named(d, "sdbb"));
	assert_false(device_is_named(d, "SDB"));
	assert_false(device_is_named(d, "Maker Stick"));
	/* no serial number is not a name */
	d = disk("sr0");
	assert_string_equal(d->serial, "");
	assert_false(device_is_named(d, ""));
}

static void each_reason_has_its_sentence(void **state)
{
	static const struct {
		const char *name, *sentence; /* NULL: it may be written */
	} cases[] = {
		{"sda", "sda holds the system that runs here (sda1 is mounted at /)"},
		{"sdb", NULL},
		{"mmcblk0", NULL},
		{"sdc", "sdc1 is mounted at /media/my backup; unmount it first"},
		{"sdd", "sdd is read-only"},
		{"sde", "sde is too small"},
		{"sdf", "sdf1 is part of dm-0 (group-volume)"},
		{"sdg", "there is no medium in sdg"},
		{"sdh", "sdh is mounted at /srv"},
		{"sr0", "sr0 is a drive for discs"},
		{"mmcblk1", "mmcblk1 is built in"},
	};

	(void)state;
	load();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct device *d = disk(cases[i].name);
		struct error err = {0};
		bool ok = device_check(d, 2 * MIB, &err);

		if (ok != !cases[i].sentence ||
			(!ok && (!strstr(err.text, cases[i].sentence) || err.kind != ERROR_HOST)))
			fail_msg("%s: %s", cases[i].name, ok ? "it may be written" : err.text);
	}
}

static void add_line(const char *file, const char *line)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", s.place.machine, file);
	f = fopen(path, "a");
	assert_non_null(f);
	fputs(line, f);
	fclose(f);
}

/* The same stick in all the ways in which a system can depend on a disk, and a disk can be in use. */
static void use_is_found_in_every_place(void **state)
{
	static const struct {
		const char *file, *line, *sentence;
	} cases[] = {
		{"proc/self/mountinfo", "40 1 8:17 / /boot/efi rw - vfat /dev/sdb1 rw\n",
			"holds the system that runs here (sdb1 is mounted at /boot/efi)"},
		{"proc/self/mountinfo", "40 1 8:17 / /usr rw - ext4 /dev/sdb1 rw\n",
			"holds the system that runs here (sdb1 is mounted at /usr)"},
		{"proc/self/mountinfo", "40 1 8:17 / /usrlocal rw - ext4 /dev/sdb1 rw\n",
			"sdb1 is mounted at /usrlocal; unmount it"},
		{"proc/self/mountinfo", "40 1 8:16 / /mnt rw - iso9660 /dev/sdb ro\n",
			"sdb is mounted at /mnt"},
		{"proc/self/mountinfo", "40 1 0:50 /sub /mnt rw - btrfs /dev/sdb1 rw\n",
			"sdb1 is mounted at /mnt"},
		{"proc/swaps", "/dev/sdb1 partition 1 0 -2\n", "swaps to sdb1; end that first"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error err = {0};

		tear_down(NULL);
		add_line(cases[i].file, cases[i].line);
		load();
		assert_false(device_check(disk("sdb"), 1, &err));
		if (!strstr(err.text, cases[i].sentence))
			fail_msg("%s: %s", cases[i].line, err.text);
	}
}

/* A mounted volume on the stick: being the system's own disk matters more than being a volume. */
static void holders_are_followed(void **state)
{
	struct error err = {0};

	(void)state;
	add_line("proc/self/mountinfo", "40 1 253:0 / /home rw - ext4 /dev/mapper/g rw\n");
	load();
	assert_false(device_check(disk("sdf"), 1, &err));
	assert_non_null(strstr(err.text, "dm-0 is mounted at /home"));
	device_list_release(&list);
	add_line("proc/self/mountinfo", "40 1 253:0 / / rw - ext4 /dev/mapper/g rw\n");
	load();
	assert_false(device_check(disk("sdf"), 1, &err));
	assert_non_null(strstr(err.text, "sdf holds the system that runs here (dm-0 is mounted"));
}

static void what_is_no_disk_is_named(void **state)
{
	const struct device *d;
	struct error err = {0};

	(void)state;
	load();
	assert_false(device_find(&list, "/dev/sdb1", &d, &err));
	assert_int_equal(err.kind, ERROR_USAGE);
	assert_non_null(strstr(err.text, "/dev/sdb1 is a partition"));
	assert_non_null(strstr(err.text, "name the whole disk, /dev/sdb"));
	assert_false(device_find(&list, "sda2", &d, &err));
	assert_non_null(strstr(err.text, "name the whole disk, /dev/sda"));
	assert_false(device_find(&list, "../sdb", &d, &err));
	assert_non_null(strstr(err.text, "there is no disk ../sdb"));
	assert_false(device_find(&list, "", &d, &err));
}

/* Without a list of what is mounted nothing is known to be free. */
static void without_the_mounts_there_is_no_list(void **state)
{
	struct device_list other;
	struct error err = {0};
	struct place nowhere = s.place;

	(void)state;
	load();
	assert_int_equal(unlink(scratch_path(&s, "machine/proc/self/mountinfo")), 0);
	assert_false(device_list_load(&other, &s.place, &err));
	assert_non_null(strstr(err.text, "mountinfo"));
	nowhere.machine = scratch_path(&s, "nowhere");
	assert_false(device_list_load(&other, &nowhere, &err));
	assert_int_equal(err.kind, ERROR_HOST);
	assert_non_null(strstr(err.text, "is sysfs mounted?"));
}

/* What lies under a device's name need not be the device. (Mutation: a regular file passes on every machine.) */
static void only_the_device_itself_is_written(void **state)
{
	struct place real = s.place;
	int file, null;

	(void)state;
	load();
	file = open(disk("sdb")->node, O_RDONLY | O_CLOEXEC);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_true(file >= 0 && null >= 0);
	assert_true(device_is_open(disk("sdb"), file, &s.place));
	real.machine = "";
	assert_false(device_is_open(disk("sdb"), file, &real));
	real.machine = NULL;
	assert_false(device_is_open(disk("sdb"), file, &real));
	/* neither is anything but a block device, whatever its number, nor what cannot be examined */
	assert_false(device_is_open(&(struct device){.number = "1:3"}, null, &s.place));
	assert_false(device_is_open(disk("sdb"), -1, &s.place));
	close(file);
	close(null);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(disks_are_described, NULL, tear_down),
		cmocka_unit_test_setup_teardown(who_is_meant_is_exact, NULL, tear_down),
		cmocka_unit_test_setup_teardown(each_reason_has_its_sentence, NULL, tear_down),
		cmocka_unit_test_setup_teardown(use_is_found_in_every_place, NULL, tear_down),
		cmocka_unit_test_setup_teardown(holders_are_followed, NULL, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_disk_is_named, NULL, tear_down),
		cmocka_unit_test_setup_teardown(only_the_device_itself_is_written, NULL, tear_down),
		cmocka_unit_test_setup_teardown(
			without_the_mounts_there_is_no_list, NULL, tear_down),
	};

	return cmocka_run_group_tests(tests, make_machine, remove_machine);
}
