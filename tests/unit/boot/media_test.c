/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What share/machines says about every medium, in tables: which images can be it, and which choices do not start from it. The
 * test notices a missing line, or one that refuses more or less than intended, and a new medium needs a row. (Mutation: a
 * `refuse` of share/machines/pc.media is left out.)
 */
#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/drivers.h"
#include "boot/machine.h"
#include "choice/catalog.h"
#include "choice/facts.h"
#include "choice/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const char *const loaders[] = {"bios", "uefi"};
static const char *const roots[] = {"ram", "disk", "live"};
static const char *const kernels[] = {"vm", "tiny", "pc", "defconfig"}; /* v t p d below */
static const char *const formats[] = {
	"initramfs", "iso", "disk", "qcow2", "vmdk", "vdi", "vhdx", "tar", "oci", "efi"};
static const char *const archs[] = {"x86_64", "i386"};
#define N(list) (sizeof(list) / sizeof *(list))

static const struct row {
	const char *medium;
	const char *files; /* for each format that can be it, by the emulator's names */
	const char *
		refused; /* for each root, started by BIOS and then by UEFI: the kernels that cannot */
	const char *lack; /* what a kernel without drivers lacks for its root on it */
} rows[] = {
	{"virtio", "disk=raw qcow2=qcow2", "- - - - t t",
		"CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_BLK"},
	{"ahci", "disk=raw qcow2=qcow2 vmdk=vmdk vdi=vdi", "- t t - t t",
		"CONFIG_PCI and CONFIG_BLK_DEV_SD and CONFIG_SATA_AHCI"},
	{"ide", "disk=raw qcow2=qcow2 vhdx=vhdx", "- t t - t t",
		"CONFIG_PCI and CONFIG_BLK_DEV_SD and CONFIG_ATA_PIIX"},
	{"nvme", "disk=raw qcow2=qcow2", "- vt vt - vt vt", "CONFIG_PCI and CONFIG_BLK_DEV_NVME"},
	{"cd", "iso=raw", "- t t - t t", "CONFIG_PCI and CONFIG_BLK_DEV_SR and CONFIG_SATA_AHCI"},
	{"usb", "iso=raw disk=raw", "- vt vt - vt vt",
		"CONFIG_USB_XHCI_PCI and CONFIG_BLK_DEV_SD and CONFIG_USB_STORAGE"},
	{"sd", "iso=raw disk=raw", "- vtpd vtpd vtpd vtpd vtpd",
		"CONFIG_MMC_SDHCI_PCI and CONFIG_MMC_BLOCK"},
	{"esp", "efi=raw", "vtpd vtpd vtpd - vtpd vtpd", NULL},
};

static struct place here;
static struct catalog catalog;
static struct machine machine;
static struct facts facts;
static struct text found;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	vec_push_in(&here.arena, &here.data, ".");
	found = (struct text)TEXT_INIT;
	return catalog_load(&catalog, &here, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	text_release(&found);
	facts_release(&facts);
	catalog_release(&catalog);
	place_release(&here);
	return 0;
}

static void load(const char *arch)
{
	struct error err = {0};

	if (!machine_load(&machine, &catalog, arch, &err))
		fail_msg("%s", err.text);
	assert_int_equal(machine.media.n, N(rows));
	facts_set(&facts, "root-password", "locked");
	facts_set(&facts, "ssh", "none");
	facts_set(&facts, "grow", "no");
}

static const struct machine_medium *medium(const struct row *row)
{
	const struct machine_medium *m = machine_medium(&machine, row->medium);

	if (!m)
		fail_msg("there is no medium %s", row->medium);
	return m;
}

static void add(const char *word)
{
	text_fmt(&found, "%s%s", found.len ? " " : "", word);
}

static void expect(const struct row *row, const char *wanted)
{
	if (strcmp(found.len ? found.s : "", wanted) != 0)
		fail_msg("%s: '%s', not '%s'", row->medium, found.s, wanted);
	text_clear(&found);
}

static void images_are_media(void **state)
{
	(void)state;
	for (size_t a = 0; a < N(archs); a++) {
		load(archs[a]);
		for (size_t r = 0; r < N(rows); r++) {
			for (size_t i = 0; i < N(formats); i++) {
				struct strings names = {0};

				facts_set(&facts, "image", "%s", formats[i]);
				medium_formats(medium(&rows[r]), &facts, &machine.arena, &names);
				if (names.n)
					text_fmt(&found, "%s%s=%s", found.len ? " " : "",
						names.at[0],
						format_find(&catalog, names.at[0])->drive);
				assert_true(names.n < 2);
			}
			expect(&rows[r], rows[r].files);
		}
		machine_release(&machine);
	}
}

static void refusals(const struct machine_medium *m, const char *root, const char *loader)
{
	char letters[N(kernels) + 1] = "";
	size_t n = 0;

	facts_set(&facts, "root", "%s", root);
	facts_set(&facts, "loader", "%s", loader);
	for (size_t k = 0; k < N(kernels); k++) {
		facts_set(&facts, "kernel-config", "%s", kernels[k]);
		if (medium_refusal(m, &facts))
			letters[n++] = kernels[k][0];
	}
	letters[n] = '\0';
	add(n ? letters : "-");
}

static void kernels_start_from_media(void **state)
{
	(void)state;
	for (size_t a = 0; a < N(archs); a++) {
		load(archs[a]);
		for (size_t r = 0; r < N(rows); r++) {
			for (size_t l = 0; l < N(loaders); l++)
				for (size_t i = 0; i < N(roots); i++)
					refusals(medium(&rows[r]), roots[i], loaders[l]);
			expect(&rows[r], rows[r].refused);
		}
		machine_release(&machine);
	}
}

/* Once the kernel's configuration is known, that alone decides. */
static void kernels_without_drivers_do_not(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	load("x86_64");
	for (size_t r = 0; r < N(rows); r++) {
		facts_set(&facts, "root", "disk");
		assert_null(drivers_medium_lack(medium(&rows[r]), &facts, &a));
	}
	facts_set(&facts, "configuration", "known");
	facts_set(&facts, "kernel-config", "tiny");
	facts_set(&facts, "loader", "bios");
	for (size_t r = 0; r < N(rows); r++) {
		const struct machine_medium *m = medium(&rows[r]);
		const char *lack = drivers_medium_lack(m, &facts, &a);

		assert_string_equal(lack ? lack : "-", rows[r].lack ? rows[r].lack : "-");
		if (lack)
			assert_null(medium_refusal(m, &facts));
		facts_set(&facts, "root", "ram");
		assert_null(drivers_medium_lack(m, &facts, &a));
		facts_set(&facts, "root", "disk");
	}
	facts_set(&facts, "kernel.PCI", "y");
	facts_set(&facts, "kernel.BLK_DEV_SD", "y");
	facts_set(&facts, "kernel.SATA_AHCI", "m");
	assert_string_equal(drivers_medium_lack(machine_medium(&machine, "ahci"), &facts, &a),
		"CONFIG_SATA_AHCI");
	facts_set(&facts, "kernel.SATA_AHCI", "y");
	assert_null(drivers_medium_lack(machine_medium(&machine, "ahci"), &facts, &a));
	arena_release(&a);
	machine_release(&machine);
}

/* An EFI program contains its command line, so no word can be added that opens a shell. */
static void an_efi_program_that_asks_is_not_started(void **state)
{
	static const struct {
		const char *password, *ssh;
		bool starts;
	} cases[] = {{"locked", "none", true}, {"none", "none", true}, {"$6$x$y", "none", false},
		{"locked", "dropbear", false}, {"none", "dropbear", false},
		{"$6$x$y", "dropbear", false}};

	(void)state;
	load("x86_64");
	facts_set(&facts, "root", "ram");
	facts_set(&facts, "loader", "uefi");
	for (size_t i = 0; i < N(cases); i++) {
		facts_set(&facts, "root-password", "%s", cases[i].password);
		facts_set(&facts, "ssh", "%s", cases[i].ssh);
		assert_int_equal(
			!medium_refusal(machine_medium(&machine, "esp"), &facts), cases[i].starts);
		assert_null(medium_refusal(machine_medium(&machine, "virtio"), &facts));
	}
	machine_release(&machine);
}

/* What has no kernel is refused before any medium is looked at. */
static void images_have_a_kernel(void **state)
{
	(void)state;
	for (size_t a = 0; a < N(archs); a++) {
		load(archs[a]);
		for (size_t i = 0; i < N(formats); i++) {
			facts_set(&facts, "image", "%s", formats[i]);
			if (machine_refusal(&machine, &facts))
				add(formats[i]);
		}
		assert_string_equal(found.s, "tar oci");
		text_clear(&found);
		machine_release(&machine);
	}
}

/* The machine's words for media that grow, and for SD cards, whose size is a power of two. */
static void copies_are_as_large_as_the_medium_wants(void **state)
{
	static const char *const grow[] = {"no", "yes"};

	(void)state;
	load("x86_64");
	facts_set(&facts, "medium-format", "raw");
	for (size_t i = 0; i < N(grow); i++) {
		facts_set(&facts, "grow", "%s", grow[i]);
		for (size_t r = 0; r < N(rows); r++) {
			const char *size = medium_size(medium(&rows[r]), &facts);

			add(size ? size : "-");
		}
	}
	assert_string_equal(found.s,
		"- - - - - - power-of-two - +1024 +1024 +1024 +1024 - +1024 power-of-two -");
	facts_set(&facts, "medium-format", "qcow2");
	assert_null(medium_size(machine_medium(&machine, "virtio"), &facts));
	machine_release(&machine);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(images_are_media),
		CASE(kernels_start_from_media),
		CASE(kernels_without_drivers_do_not),
		CASE(an_efi_program_that_asks_is_not_started),
		CASE(images_have_a_kernel),
		CASE(copies_are_as_large_as_the_medium_wants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
