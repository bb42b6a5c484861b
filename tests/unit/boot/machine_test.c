/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped machines: the emulator's command lines for choices, media and requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/drivers.h"
#include "boot/guestnet.h"
#include "boot/machine.h"
#include "choice/catalog.h"
#include "choice/facts.h"
#include "guest_facts.h"

static struct place here;
static struct catalog catalog;
static struct facts facts;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	vec_push_in(&here.arena, &here.data, ".");
	return catalog_load(&catalog, &here, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	facts_release(&facts);
	catalog_release(&catalog);
	place_release(&here);
	return 0;
}

static bool has_word(const struct strings *argv, const char *word)
{
	for (size_t i = 0; i < argv->n; i++)
		if (strcmp(argv->at[i], word) == 0)
			return true;
	return false;
}

/* The command line of a shipped machine under one accelerator. */
static void expect_machine(const char *arch, const char *accel, const char *config, const char *nic)
{
	struct machine m;
	struct arena a = ARENA_INIT;
	struct strings argv = {0};
	struct error err = {0};
	bool tcg = strcmp(accel, "tcg") == 0;

	assert_true(machine_load(&m, &catalog, arch, &err));
	facts_set(&facts, "accel", "%s", accel);
	facts_set(&facts, "kernel-config", "%s", config);
	facts_set(&facts, "kernel-file", "vmlinuz, with, commas");
	assert_true(machine_argv(&m, &facts, &a, &argv, &err));
	assert_string_equal(argv.at[0], m.program);
	assert_true(has_word(&argv, accel));
	assert_true(has_word(&argv, "vmlinuz, with, commas"));
	assert_true(has_word(&argv, "-no-reboot"));
	assert_string_equal(facts_get(&facts, "nic"), nic);
	assert_int_equal(strstr(facts_get(&facts, "append"), "no_timer_check") != NULL, tcg);
	assert_non_null(strstr(facts_get(&facts, "append"), "console=ttyS0"));
	assert_int_equal(
		strstr(facts_get(&facts, "netdev"), "ipv6=on,ipv6-prefix=2001:db8:62:6f::") != NULL,
		strcmp(facts_get(&facts, "ipv6"), "yes") == 0);
	assert_int_equal(strstr(facts_get(&facts, "netdev"), "ipv6=off") != NULL,
		strcmp(facts_get(&facts, "ipv6"), "yes") != 0);
	arena_release(&a);
	machine_release(&m);
}

static const char *word_after(const struct strings *argv, const char *word)
{
	for (size_t i = 0; i + 1 < argv->n; i++)
		if (strcmp(argv->at[i], word) == 0)
			return argv->at[i + 1];
	return "";
}

static void test_disks(void **state)
{
	static const char *const archs[] = {"x86_64", "i386"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct machine m;
		struct arena a = ARENA_INIT;
		struct strings argv = {0};
		struct error err = {0};

		assert_true(machine_load(&m, &catalog, archs[i], &err));
		facts_set(&facts, "root", "ram");
		assert_null(machine_root(&m, &facts));
		facts_set(&facts, "root", "live");
		assert_string_equal(machine_root(&m, &facts), "root-live");
		facts_set(&facts, "root", "disk");
		assert_string_equal(machine_root(&m, &facts), "root-disk");
		facts_set(&facts, "root-file", "root.ext4");
		facts_set(&facts, "disk-1", "/my disk,,one");
		facts_set(&facts, "disk-2", "/two");
		facts_set(&facts, "words", "root=/dev/vdb  quiet");
		assert_true(machine_argv(&m, &facts, &a, &argv, &err));
		assert_string_equal(word_after(&argv, "-drive"),
			"file=root.ext4,if=none,id=root,format=raw,snapshot=on");
		assert_true(has_word(&argv, "file=/my disk,,one,if=none,id=disk1,format=raw"));
		assert_true(has_word(&argv, "file=/two,if=none,id=disk2,format=raw"));
		assert_true(has_word(&argv, "virtio-blk-pci,drive=disk2"));
		assert_non_null(strstr(word_after(&argv, "-append"), " root=/dev/vdb  quiet"));
		arena_release(&a);
		machine_release(&m);
	}
}

/* With an SSH server the guest's port can be reached, and the serial console is not locked. */
static void test_forwards(void **state)
{
	struct machine m;
	struct arena a = ARENA_INIT;
	struct strings argv = {0}, names = {0}, hints = {0};
	struct error err = {0};

	(void)state;
	facts_set(&facts, "ssh", "dropbear");
	facts_set(&facts, "port.ssh", "2345");
	assert_true(machine_load(&m, &catalog, "x86_64", &err));
	machine_forwards(&m, &facts, &a, &names);
	assert_int_equal(names.n, 1);
	assert_string_equal(names.at[0], "ssh");
	assert_true(machine_hints(&m, &facts, &a, &hints, &err));
	assert_int_equal(hints.n, 1);
	assert_non_null(strstr(hints.at[0], "-p 2345 "));
	assert_true(machine_argv(&m, &facts, &a, &argv, &err));
	assert_non_null(strstr(word_after(&argv, "-netdev"), ",hostfwd=tcp:127.0.0.1:2345-:22"));
	assert_non_null(strstr(word_after(&argv, "-append"), " autologin"));
	argv.n = names.n = 0;
	facts_set(&facts, "ssh", "none");
	machine_forwards(&m, &facts, &a, &names);
	assert_int_equal(names.n, 0);
	assert_true(machine_argv(&m, &facts, &a, &argv, &err));
	assert_null(strstr(word_after(&argv, "-netdev"), "hostfwd"));
	assert_null(strstr(word_after(&argv, "-append"), "autologin"));
	arena_release(&a);
	machine_release(&m);
}

static void expect_formats(const struct machine *m, const char *medium, const char *files)
{
	struct text found = TEXT_INIT;
	struct arena a = ARENA_INIT;
	struct strings names = {0};

	assert_non_null(machine_medium(m, medium));
	medium_formats(machine_medium(m, medium), &facts, &a, &names);
	for (size_t i = 0; i < names.n; i++)
		text_fmt(&found, i ? "; %s" : "%s", names.at[i]);
	assert_string_equal(found.s ? found.s : "", files);
	arena_release(&a);
	text_release(&found);
}

/* Which images can be which medium, and what the kernel must drive for a root on it. */
static void test_media(void **state)
{
	struct machine m;
	struct error err = {0};

	(void)state;
	assert_true(machine_load(&m, &catalog, "x86_64", &err));
	facts_set(&facts, "image", "initramfs tar");
	assert_null(machine_refusal(&m, &facts));
	expect_formats(&m, "cd", "");
	expect_formats(&m, "virtio", "");
	facts_set(&facts, "image", "tar oci");
	assert_non_null(machine_refusal(&m, &facts));
	facts_set(&facts, "image", "iso disk");
	assert_null(machine_refusal(&m, &facts));
	expect_formats(&m, "cd", "iso");
	expect_formats(&m, "usb", "iso; disk");
	expect_formats(&m, "nvme", "disk");
	facts_set(&facts, "image", "qcow2");
	expect_formats(&m, "nvme", "qcow2");
	expect_formats(&m, "usb", "");
	facts_set(&facts, "kernel-config", "vm");
	facts_set(&facts, "root", "ram");
	assert_null(medium_refusal(machine_medium(&m, "nvme"), &facts));
	facts_set(&facts, "root", "disk");
	assert_non_null(medium_refusal(machine_medium(&m, "nvme"), &facts));
	assert_null(medium_refusal(machine_medium(&m, "ahci"), &facts));
	facts_set(&facts, "kernel-config", "pc");
	facts_set(&facts, "loader", "uefi");
	assert_null(medium_refusal(machine_medium(&m, "nvme"), &facts));
	facts_set(&facts, "kernel-config", "tiny");
	assert_non_null(medium_refusal(machine_medium(&m, "ahci"), &facts));
	assert_non_null(medium_refusal(machine_medium(&m, "virtio"), &facts)); /* by UEFI only */
	facts_set(&facts, "root", "ram");
	assert_null(medium_refusal(machine_medium(&m, "virtio"), &facts));
	assert_null(medium_refusal(machine_medium(&m, "ahci"), &facts));
	assert_non_null(medium_refusal(machine_medium(&m, "sd"), &facts)); /* by the firmware */
	facts_set(&facts, "loader", "bios");
	assert_null(medium_refusal(machine_medium(&m, "sd"), &facts));
	assert_null(machine_medium(&m, "kernel"));
	assert_null(machine_medium(&m, NULL));
	machine_release(&m);
}

/* Started by firmware: the medium instead of kernel and initramfs, which get their words all the same. */
static void test_medium(void **state)
{
	struct machine m;
	struct arena a = ARENA_INIT;
	struct strings argv = {0};
	struct error err = {0};

	(void)state;
	assert_true(machine_load(&m, &catalog, "x86_64", &err));
	facts_set(&facts, "loader", "uefi");
	facts_set(&facts, "medium", "usb");
	facts_set(&facts, "medium-format", "raw");
	facts_set_doubled(&facts, "medium-file", "a, b.iso");
	facts_set(&facts, "firmware-file", "/firmware");
	facts_set(&facts, "words", "a=1,2");
	assert_true(machine_argv(&m, &facts, &a, &argv, &err));
	assert_string_equal(word_after(&argv, "-bios"), "/firmware");
	assert_true(has_word(&argv, "file=a,, b.iso,if=none,id=medium,format=raw,snapshot=on"));
	assert_true(has_word(&argv, "usb-storage,removable=on,drive=medium,bootindex=0"));
	assert_non_null(strstr(word_after(&argv, "-smbios"), "console=ttyS0"));
	assert_non_null(strstr(word_after(&argv, "-smbios"), " a=1,,2"));
	assert_false(has_word(&argv, "-kernel"));
	facts_set(&facts, "loader", "direct");
	facts_set(&facts, "medium", "kernel");
	facts_set(&facts, "image", "initramfs");
	facts_set(&facts, "words", "%s", "");
	arena_release(&a);
	machine_release(&m);
}

/* On request: a display, its picture, a debugger, more ports. */
static void test_extras(void **state)
{
	static const char *const names[] = {"display", "screenshot", "gdb", "symbols"};
	static const char *const archs[] = {"x86_64", "i386"};
	struct machine m;
	struct arena a = ARENA_INIT;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct strings argv = {0}, names_of = {0}, told = {0};

		assert_true(machine_load(&m, &catalog, archs[i], &err));
		assert_true(machine_argv(&m, &facts, &a, &argv, &err));
		assert_string_equal(word_after(&argv, "-display"), "none");
		assert_string_equal(word_after(&argv, "-vga"), "none");
		argv.n = 0;
		facts_set(&facts, "display", "vnc");
		facts_set(&facts, "display.vnc", "7");
		facts_set(&facts, "port.vnc", "5907");
		facts_set(&facts, "port.gdb", "1234");
		facts_set(&facts, "symbols-file", "/cache/vmlinux");
		facts_set(&facts, "screenshot", "yes");
		facts_set(&facts, "gdb", "yes");
		facts_set(&facts, "symbols", "yes");
		facts_set(&facts, "door-1", "80");
		facts_set(&facts, "port.door-1", "8080");
		machine_forwards(&m, &facts, &a, &names_of);
		assert_int_equal(names_of.n, 2);
		assert_string_equal(names_of.at[0], "vnc 5900");
		assert_true(machine_announcements(&m, &facts, &a, &told, &err));
		assert_int_equal(told.n, 3);
		assert_non_null(strstr(told.at[0], "127.0.0.1:5907"));
		assert_non_null(strstr(told.at[1], "127.0.0.1:1234\" \"/cache/vmlinux\""));
		assert_true(machine_argv(&m, &facts, &a, &argv, &err));
		assert_string_equal(word_after(&argv, "-display"), "vnc=127.0.0.1:7");
		assert_string_equal(word_after(&argv, "-gdb"), "tcp:127.0.0.1:1234");
		assert_non_null(strstr(word_after(&argv, "-append"), " nokaslr"));
		assert_true(has_word(&argv, "-no-shutdown"));
		assert_non_null(
			strstr(word_after(&argv, "-netdev"), ",hostfwd=tcp:127.0.0.1:8080-:80"));
		for (size_t j = 0; j < 4; j++)
			facts_set(&facts, names[j], "no");
		facts_set(&facts, "door-1", "%s", "");
		machine_release(&m);
	}
	arena_release(&a);
}

static void test_machines(void **state)
{
	struct machine m;
	struct error err = {0};

	(void)state;
	guest_facts_set(&facts);
	guestnet_layout(&facts);
	facts_set(&facts, "loader", "direct");
	facts_set(&facts, "memory-mib", "256");
	facts_set(&facts, "serial-fd", "5");
	facts_set(&facts, "qmp-fd", "0");
	facts_set(&facts, "initramfs-file", "initramfs.cpio.zst");
	facts_set(&facts, "root-password", "locked");
	facts_set(&facts, "ssh", "none");
	expect_machine("x86_64", "tcg", "vm", "virtio-net-pci");
	facts_set(&facts, "ipv6", "no");
	expect_machine("x86_64", "kvm", "defconfig", "e1000");
	expect_machine("i386", "tcg", "tiny", "virtio-net-pci");
	assert_false(machine_load(&m, &catalog, "pdp11", &err));
	assert_int_equal(err.kind, ERROR_PROFILE);
	assert_non_null(strstr(err.text, "pdp11"));
	machine_release(&m);
}

/* Which card and which disk a kernel gets that drives these, where its configuration is known. */
static void test_drivers(void **state)
{
	static const struct {
		const char *yes, *modules, *card, *device;
	} rows[] = {
		{"VIRTIO_PCI VIRTIO_NET VIRTIO_BLK PCI E1000 E1000E", "no", "virtio-net-pci",
			"virtio-blk-pci"},
		{"PCI E1000 E1000E BLK_DEV_SD SATA_AHCI ATA_PIIX", "no", "e1000e",
			"ide-hd,bus=ide.2"},
		{"PCI E1000 BLK_DEV_SD ATA_PIIX", "no", "e1000", "ide-hd"},
		{"PCI 8139TOO BLK_DEV_NVME", "no", "rtl8139", "nvme-ns,bus=nvme"},
		{"PCI 8139CP SATA_AHCI", "no", "rtl8139", "virtio-blk-pci"},
		{"VIRTIO_NET VIRTIO_BLK", "no", "none", "virtio-blk-pci"},
		{"PCI IGB PCNET32", "no", "pcnet",
			"virtio-blk-pci"}, /* unasked, the emulator lacks it */
		{"PCI E1000=m VMWARE_PVSCSI=m BLK_DEV_SD=m", "yes", "e1000", "scsi-hd,bus=scsi.0"},
		{"PCI E1000=m VMWARE_PVSCSI=m BLK_DEV_SD=m", "no", "none", "virtio-blk-pci"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct facts known = {.of = {0}};
		struct machine m;
		struct error err = {0};
		struct arena a = ARENA_INIT;
		const char *s = rows[i].yes;

		assert_true(machine_load(&m, &catalog, i % 2 ? "i386" : "x86_64", &err));
		guest_facts_set(&known);
		facts_set(&known, "kernel-modules", "%s", rows[i].modules);
		facts_set(&known, "configuration", "known");
		for (size_t n; *s; s += n + (s[n] == ' ')) {
			n = strcspn(s, " ");
			facts_set(&known, arena_fmt(&a, "kernel.%.*s", (int)strcspn(s, " ="), s),
				"%s", n > 2 && s[n - 2] == '=' ? "m" : "y");
		}
		for (size_t k = 0; k < m.cards.n; k++)
			m.cards.at[k].has = !m.cards.at[k].ask;
		drivers_fit(&m, &known);
		assert_true(drivers_number_disk(&m, &known, 2, &err));
		assert_string_equal(facts_get(&known, "card"), rows[i].card);
		assert_string_equal(facts_get(&known, "disk-device"), rows[i].device);
		assert_string_equal(facts_get(&known, "smp"), "no");
		if (strcmp(rows[i].card, "none") == 0)
			assert_non_null(strstr(facts_get(&known, "cards-lack"), "CONFIG_"));
		else
			assert_string_equal(facts_get(&known, "nic"), rows[i].card);
		arena_release(&a);
		facts_release(&known);
		machine_release(&m);
	}
}

int main(void)
{
	/* the others go on with the facts of the first */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_media),
		cmocka_unit_test(test_medium),
		cmocka_unit_test(test_forwards),
		cmocka_unit_test(test_disks),
		cmocka_unit_test(test_extras),
		cmocka_unit_test(test_drivers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
