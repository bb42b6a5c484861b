/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a test boot starts from by default, and on request: the kernel directly before any medium, media in the order of
 * share/machines, BIOS before UEFI where the profile has both, and of two files that can be one medium the last one. (Mutations:
 * the first file, the last medium, UEFI first, a refused one all the same.)
 */
#include "base/arena.h"
#include "base/place.h"
#include "base/vec.h"
#include "boot/boot.h"
#include "boot/drivers.h"
#include "boot/machine.h"
#include "choice/catalog.h"
#include "choice/format.h"
#include "choice/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const struct row {
	const char *choices;
	enum loader firmware; /* wishes */
	const char *medium;
	const char *chosen;  /* "LOADER MEDIUM FORMAT" */
	const char *refused; /* or a part of the sentence */
	const char *drives;  /* what the kernel is known to drive; NULL: nothing is known */
} rows[] = {
	{"", LOADER_AUTO, NULL, "direct kernel -", NULL, NULL},
	{"image = disk iso initramfs\n", LOADER_AUTO, "auto", "direct kernel -", NULL, NULL},
	{"image = disk iso initramfs\n", LOADER_BIOS, NULL, "bios virtio raw", NULL, NULL},
	{"image = disk iso initramfs\n", LOADER_UEFI, NULL, "uefi virtio raw", NULL, NULL},
	{"image = disk iso initramfs\n", LOADER_AUTO, "usb", "bios usb raw", NULL, NULL},
	{"image = iso\n", LOADER_AUTO, NULL, "bios cd raw", NULL, NULL},
	{"image = disk\n", LOADER_AUTO, NULL, "bios virtio raw", NULL, NULL},
	{"image = disk\nfirmware = uefi\n", LOADER_AUTO, NULL, "uefi virtio raw", NULL, NULL},
	{"image = qcow2\n", LOADER_AUTO, NULL, "bios virtio qcow2", NULL, NULL},
	{"image = qcow2 disk\n", LOADER_AUTO, NULL, "bios virtio raw", NULL, NULL},
	{"image = vdi\n", LOADER_AUTO, NULL, "bios ahci vdi", NULL, NULL},
	{"image = vhdx vmdk\n", LOADER_AUTO, NULL, "bios ahci vmdk", NULL, NULL},
	{"image = efi\n", LOADER_AUTO, NULL, "uefi esp raw", NULL, NULL},
	{"image = disk\nroot = disk\nkernel-config = tiny\n", LOADER_AUTO, NULL, "bios virtio raw",
		NULL, NULL},
	{"image = disk\nroot = disk\nkernel-config = tiny\n", LOADER_UEFI, NULL, NULL,
		"never tried with a root on a disk by UEFI", NULL},
	{"image = disk\nroot = disk\n", LOADER_AUTO, "nvme", NULL, "this kernel has no NVMe driver",
		NULL},
	{"image = disk\nroot = disk\nkernel-config = pc\n", LOADER_AUTO, "nvme", "bios nvme raw",
		NULL, NULL},
	{"image = disk\nfirmware = uefi\n", LOADER_BIOS, NULL, NULL,
		"the profile says firmware = uefi", NULL},
	{"image = vdi\nfirmware = uefi\n", LOADER_BIOS, NULL, NULL,
		"(SATA disk (AHCI)): the profile says firmware = uefi", NULL},
	{"image = disk\n", LOADER_AUTO, "cd", NULL, "add iso to its image", NULL},
	{"", LOADER_UEFI, NULL, NULL, "--firmware uefi needs a medium", NULL},
	{"image = disk initramfs\n", LOADER_BIOS, "kernel", NULL, "do not go together", NULL},
	{"image = disk\n", LOADER_AUTO, "kernel", NULL, "there is no initramfs beside the kernel",
		NULL},
	{"image = disk\nroot = disk\nkernel-config = tiny\nkernel-fragment = /x\n", LOADER_AUTO,
		"ahci", "bios ahci raw", NULL, NULL},
	{"image = disk\nroot = disk\nkernel-config = tiny\n", LOADER_AUTO, NULL, "bios ahci raw",
		NULL, "PCI BLK_DEV_SD SATA_AHCI"},
	{"image = disk\nroot = disk\nkernel-config = tiny\n", LOADER_AUTO, "nvme", NULL,
		"built without CONFIG_BLK_DEV_NVME and would not find its root",
		"PCI BLK_DEV_SD SATA_AHCI"},
	{"image = disk initramfs\nroot = disk\n", LOADER_AUTO, NULL, "direct kernel -", NULL,
		"PCI BLK_DEV_SD SATA_AHCI"},
	{"image = disk initramfs\nroot = disk\n", LOADER_AUTO, "kernel", NULL,
		"it needs CONFIG_VIRTIO_PCI (virtio-blk), or CONFIG_BLK_DEV_SD and", "VIRTIO_BLK"},
	{"image = disk initramfs\n", LOADER_AUTO, NULL, "direct kernel -", NULL, "PCI"},
	{"", LOADER_AUTO, "punchcard", NULL, "--medium is auto, kernel, virtio, ", NULL},
};

static struct place place;
static struct catalog catalog;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	if (place_load(&place, &err) && catalog_load(&catalog, &place, &err))
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

static int tear_down(void **state)
{
	(void)state;
	catalog_release(&catalog);
	place_release(&place);
	return 0;
}

static void prepare(struct boot_job *job, struct profile *p, const char *choices)
{
	struct error err;

	if (!profile_parse(p, &catalog, "test.profile", choices, strlen(choices), &err))
		fail_msg("%s", err.text);
	*job = (struct boot_job){.place = &place, .log_fd = -1, .facts = {.profile = p}};
	if (!machine_load(&job->machine, &catalog, "x86_64", &err))
		fail_msg("%s", err.text);
	job->machine.uefi.at[0] = "/dev/null"; /* whether this machine has one is no matter */
}

static void drive(struct boot_job *job, const char *names)
{
	facts_set(&job->facts, "configuration", "known");
	for (size_t n; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		facts_set(&job->facts, arena_fmt(&job->arena, "kernel.%.*s", (int)n, names), "y");
	}
	drivers_fit(&job->machine, &job->facts);
}

static void look_at(const struct row *row)
{
	struct boot_options o = {.firmware = row->firmware, .medium = row->medium};
	struct arena a = ARENA_INIT;
	struct profile p;
	struct boot_job job;
	struct error err = {0};
	const char *found;

	prepare(&job, &p, row->choices);
	if (row->drives)
		drive(&job, row->drives);
	if (boot_choose_cells(&job, &p, &o, &err)) {
		const struct boot_cell *c = &job.cells.at[0];

		assert_int_equal(job.cells.n, 1);
		found = arena_fmt(&a, "%s %s %s", loader_word(c->loader), cell_medium(c),
			c->format ? c->format->drive : "-");
	} else {
		found = arena_str(&a, err.text);
	}
	if (row->chosen ? strcmp(found, row->chosen) != 0 : !strstr(found, row->refused))
		fail_msg("%s(%s, %s): '%s', not '%s'", row->choices, loader_word(row->firmware),
			row->medium ? row->medium : "-", found,
			row->chosen ? row->chosen : row->refused);
	boot_job_release(&job);
	profile_release(&p);
	arena_release(&a);
}

static void the_best_cell_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		look_at(&rows[i]);
}

/* A grid has every combination, including those that cannot be started, with the reason. */
static void a_grid_has_all_that_fits(void **state)
{
	struct boot_options o = {.grid = true, .firmware = LOADER_BIOS};
	struct boot_job job;
	struct profile p;
	struct error err = {0};
	size_t can = 0;

	(void)state;
	prepare(&job, &p, "image = iso disk\nroot = live\n");
	assert_true(boot_choose_cells(&job, &p, &o, &err));
	for (size_t i = 0; i < job.cells.n; i++) {
		const struct boot_cell *c = &job.cells.at[i];

		assert_int_equal(c->loader, LOADER_BIOS);
		assert_non_null(c->medium);
		assert_true(c->format || c->why);
		can += !c->why;
	}
	/* virtio, ahci, ide, cd; neither nvme, nor usb and sd with either image, nor esp */
	assert_int_equal(can, 4);
	assert_int_equal(job.cells.n, 10);
	boot_job_release(&job);
	profile_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_cell_is_taken),
		cmocka_unit_test(a_grid_has_all_that_fits),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
