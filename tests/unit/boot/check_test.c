/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shipped checks: they load, apply to the right profiles and judge right; and broken ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/check.h"
#include "boot/guestnet.h"
#include "choice/facts.h"
#include "guest_facts.h"

static struct place here;
static struct catalog catalog = {.place = &here};
static struct check_list list;
static struct facts facts;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	vec_push_in(&here.arena, &here.data, ".");
	if (check_load(&list, &catalog, &err))
		return 0;
	print_error("%s\n", err.text);
	return 1;
}

static int tear_down(void **state)
{
	(void)state;
	check_release(&list);
	facts_release(&facts);
	place_release(&here);
	return 0;
}

static const struct check *find(const char *name)
{
	for (size_t i = 0; i < list.of.n; i++)
		if (strcmp(list.of.at[i]->name, name) == 0)
			return list.of.at[i];
	fail_msg("there is no check %s", name);
	return NULL;
}

static void judge(const char *name, const char *output, bool ok, const char *detail)
{
	struct text out = TEXT_INIT;

	assert_int_equal(check_judge(find(name), &facts, output, &out), ok);
	if (!strstr(out.s, detail))
		print_error("%s: %s\n", name, out.s);
	assert_non_null(strstr(out.s, detail));
	text_release(&out);
}

#define LOOPBACK "    inet6 ::1/128 scope host \n"
#define LINK	 "    inet6 fe80::5054:ff:fe12:3456/64 scope link \n"
#define GLOBAL	 "    inet6 2001:db8:62:6f:1::f/64 scope global dynamic flags 100 \n"
#define ROUTE	 "default via fe80::2 dev eth0  metric 1024  expires 0sec\n"

static void test_judgements(void **state)
{
	(void)state;
	guest_facts_set(&facts);
	judge("kernel", "6.12.0\n", true, "6.12.0");
	judge("kernel", "6.12.1\n", false, "6.12.1");
	judge("kernel", "6x12\n", false, "6x12");
	judge("kernel", "", false, "nothing");
	judge("shell", "noise\n42\n", true, "");
	judge("shell", "142\n", false, "");
	judge("hostname", "a.b\n", true, "a.b");
	judge("hostname", "axb\n", false, "axb"); /* the choice is no regular expression */
	judge("mounts",
		"proc /proc proc rw\n"
		"sysfs /sys sysfs rw\n"
		"devtmpfs /dev devtmpfs rw\n"
		"tmpfs /tmp tmpfs rw\n",
		true, "");
	judge("mounts", "proc /proc proc rw\nsysfs /sys sysfs rw\ndevtmpfs /dev devtmpfs rw\n",
		false, "/tmp");
	judge("modes",
		"drwxr-xr-x 9 0 0 240 Jan 1 00:00 /\ndrwxr-xr-x 4 0 0 300 Jan 1 00:00 /etc\n"
		"drwx------ 2 0 0 40 Jan 1 00:00 /root\ndrwxrwxrwt 2 0 0 40 Jan 1 00:00 /tmp\n",
		true, "only root");
	judge("modes",
		"drwxrwxrwt 9 0 0 240 Jan 1 00:00 /\ndrwxr-xr-x 4 0 0 300 Jan 1 00:00 /etc\n"
		"drwx------ 2 0 0 40 Jan 1 00:00 /root\ndrwxrwxrwt 2 0 0 40 Jan 1 00:00 /tmp\n",
		false, "drwxrwxrwt");
	judge("settings", "8 settings\n", true, "8 settings");
	judge("settings", "not so: kernel.kptr_restrict is 0\n8 settings\n", false,
		"kptr_restrict");
	judge("settings", "0 settings\n", false, "0 settings");
	judge("init", "init \ninit\n", true, "init");
	judge("init", "/bin/sh /init \nsh\n", false, "/bin/sh /init");
	judge("root", "rootfs / rootfs rw,size=1k 0 0\nwritten\n", true, "/ is rootfs");
	judge("root", "rootfs / rootfs rw,size=1k 0 0\n", false,
		"rootfs"); /* nothing can be written */
	judge("root", "/dev/vda / ext4 rw 0 0\nwritten\n", false, "ext4");
	judge("libc", "00400000-00401000 r--p 0 0 1 /bin/busybox\n7ff0-7ff1 r-xp 0 0 0 [vdso]\n",
		true, "statically");
	judge("libc",
		"00400000-00401000 r--p 0 0 1 /bin/busybox\n"
		"7ff0-7ff1 r-xp 0 0 0 /lib64/ld-linux-x86-64.so.2\n",
		false, "");
	judge("network", "    inet 10.0.2.15/24 brd 10.0.2.255\ndefault via 10.0.2.2 dev eth0\n",
		true, "10.0.2.15");
	judge("network", "    inet 10.0.2.150/24 brd 10.0.2.255\ndefault via 10.0.2.2 dev eth0\n",
		false, "");
	judge("network", "    inet 10.0.2.15/24 brd 10.0.2.255\n", false, "");
	judge("dns", "Server: 10.0.2.3\nName: hello.test\nAddress: 192.0.2.1\n", true,
		"own name server");
	judge("dns", "Name: hello.test\nAddress: 192.0.2.11\n", false, "");
	judge("ipv6", LOOPBACK LINK GLOBAL ROUTE "file-1\n", true, "2001:db8:62:6f:1::f");
	judge("ipv6", LOOPBACK LINK ROUTE "file-1\n", false, "");
	judge("ipv6", LOOPBACK LINK GLOBAL "file-1\n", false, "");
	judge("ipv6", LINK GLOBAL ROUTE "file-1\n", false, "");
	judge("ipv6", LOOPBACK LINK GLOBAL ROUTE "wget: server returned error\n", false, "");
	judge("messages", "<5>Linux version 6.12.1\n", true, "no error");
	judge("messages", "<5>Linux version 6.12.1\n<3>x: no disk\n<2>y\n", false,
		": <3>x: no disk");
	judge("fetch", "file-1\n", true, "");
	judge("fetch", "file-11\n", false, "");
	facts_set(&facts, "root-password", "locked");
	facts_set(&facts, "port.ssh", "2222");
	judge("ssh-closed", "root@127.0.0.1: Permission denied (publickey).\r\n", true,
		"publickey");
	judge("ssh-closed", "root@127.0.0.1: Permission denied (publickey,password).\n", false, "");
	judge("ssh-closed", "", false, "nothing"); /* it let somebody in */
	judge("ssh-closed", "ssh: connect to host 127.0.0.1 port 2222: Connection refused\n", false,
		"refused");
	judge("ssh", "a.b\n", true, "with a key");
	judge("ssh", "root@127.0.0.1: Permission denied (publickey).\n", false, "port 2222");
}

#define PLAIN  "0040-0041 r--p 0 0 1 /bin/busybox\n"
#define LOADED PLAIN "7ff0-7ff1 r-xp 0 0 0 /lib64/ld-linux-x86-64.so.2\n"

static void test_other_choices(void **state)
{
	struct text reason = TEXT_INIT;

	(void)state;
	guest_facts_set(&facts);
	facts_set(&facts, "init", "script");
	judge("init", "/bin/sh /init \nsh\n", true, "script");
	facts_set(&facts, "linkage", "dynamic");
	judge("libc",
		"0040-0041 r--p 0 0 1 /bin/busybox\n"
		"7ff0-7ff1 r-xp 0 0 0 /lib64/ld-linux-x86-64.so.2\n",
		true, "ld-linux-x86-64.so.2");
	facts_set(&facts, "libc", "glibc");
	facts_set(&facts, "version.glibc", "2.41");
	judge("libc", LOADED "ld.so (GNU libc) stable release version 2.41.\n", true, "glibc 2.41");
	judge("libc", LOADED "ld.so (GNU libc) stable release version 2.36.\n", false, "");
	facts_set(&facts, "libc", "musl");
	facts_set(&facts, "version.musl", "1.2.5");
	judge("libc", LOADED "ld.so (GNU libc) stable release version 2.41.\n", false, "");
	judge("libc",
		"0040-0041 r--p 0 0 1 /lib/ld-musl-x86_64.so.1\n"
		"musl libc (x86_64)\n"
		"Version 1.2.5\n",
		true, "musl 1.2.5");
	facts_set(&facts, "linkage", "static");
	judge("libc", PLAIN "No error information\n", true, "with musl");
	judge("libc", PLAIN "glibc.malloc.check\n", false, "");
	facts_set(&facts, "libc", "glibc");
	judge("libc", PLAIN "glibc.malloc.check\n", true, "with glibc");
	judge("libc", PLAIN "No error information\n", false, "");
	facts_set(&facts, "sealed", "no");
	judge("dns", "Server: 10.0.2.3\n\nName: hello.test\n", true, "this machine's own resolver");
	assert_false(check_skips(find("dns"), &facts, &reason));
	facts_set(&facts, "resolver", "no");
	assert_true(check_skips(find("dns"), &facts, &reason));
	assert_non_null(strstr(reason.s, "resolves no names"));
	text_release(&reason);
}

/* The network card's module loads automatically, those in /etc/modules by name; either may be built in. */
static void test_modules(void **state)
{
	(void)state;
	guest_facts_set(&facts);
	facts_set(&facts, "kernel-modules", "no");
	assert_false(check_applies(find("modules"), &facts));
	facts_set(&facts, "kernel-modules", "yes");
	facts_set(&facts, "kernel-config", "tiny");
	facts_set(&facts, "network", "dhcp");
	assert_true(check_applies(find("modules"), &facts));
	judge("modules", "hotplug: virtio_net\nby name: dummy\nmodprobe works\n", true,
		"virtio_net");
	judge("modules", "hotplug: virtio_net\nmissing: dumy\nmodprobe works\n", false, "");
	judge("modules", "by name: dummy\nmodprobe works\n", false, "");
	judge("modules", "hotplug: virtio_net\nby name: dummy\n", false, "");
	facts_set(&facts, "network", "none");
	judge("modules", "by name: dummy\nmodprobe works\n", true, "/etc/modules are loaded");
	facts_set(&facts, "kernel-config", "defconfig");
	facts_set(&facts, "network", "dhcp");
	judge("modules", "modprobe works\n", true, "/etc/modules");
}

static void test_which_apply(void **state)
{
	(void)state;
	guest_facts_set(&facts);
	assert_true(check_applies(find("network"), &facts));
	assert_false(check_applies(find("packages"), &facts));
	facts_set(&facts, "packages", "dropbear");
	assert_true(check_applies(find("packages"), &facts));
	facts_set(&facts, "network", "none");
	assert_false(check_applies(find("network"), &facts));
	assert_false(check_applies(find("dns"), &facts));
	assert_false(check_applies(find("fetch"), &facts));
	assert_false(check_applies(find("ssh"), &facts));
	facts_set(&facts, "ssh", "dropbear");
	assert_true(check_applies(find("ssh"), &facts));
	facts_set(&facts, "ssh", "none");
	facts_set(&facts, "loader", "direct");
	assert_true(check_applies(find("ipv6"), &facts));
	facts_set(&facts, "ipv6", "no");
	assert_false(check_applies(find("ipv6"), &facts));
	assert_string_equal(list.of.at[list.of.n - 1]->name, "poweroff");
}

/* A guest's output goes into the detail: no control character may come through, nor a novel. */
static void test_hostile_output(void **state)
{
	struct text out = TEXT_INIT, long_line = TEXT_INIT;

	(void)state;
	guest_facts_set(&facts);
	assert_false(check_judge(
		find("hostname"), &facts, "\x1b]0;x\a\x1b[2J{hostname}{nonsense}\xff", &out));
	assert_null(strchr(out.s, '\x1b'));
	assert_non_null(strstr(out.s, "{nonsense}"));
	for (int i = 0; i < 10000; i++)
		text_char(&long_line, 'x');
	assert_false(check_judge(find("hostname"), &facts, long_line.s, &out));
	assert_true(out.len < 300);
	text_release(&out);
	text_release(&long_line);
}

static void refuse(const char *source, const char *word)
{
	struct check_list l = {0};
	struct error err = {0};
	char path[] = "/tmp/check.XXXXXX";
	int fd = mkstemp(path);

	assert_int_equal(write(fd, source, strlen(source)), strlen(source));
	assert_false(check_read(&l, path, NULL, &err));
	assert_non_null(strstr(err.text, path));
	if (!strstr(err.text, word))
		print_error("%s\n", err.text);
	assert_non_null(strstr(err.text, word));
	check_release(&l);
	close(fd);
	unlink(path);
}

static void test_bad_files(void **state)
{
	(void)state;
	refuse("[check x]\nrun = a\n", "needs run");
	refuse("[check x]\nrun = a\nordr = 1\n", "order");
	refuse("[check x]\norder[a=b] = 1\n", "guard");
	refuse("[test x]\n", "[check NAME]");
}

static void expect_layout(
	const char *address, const char *gateway, const char *dns, const char *expected)
{
	char found[200];

	facts_set(&facts, "network", "static");
	facts_set(&facts, "address", "%s", address);
	facts_set(&facts, "gateway", "%s", gateway);
	facts_set(&facts, "dns", "%s", dns);
	guestnet_layout(&facts);
	snprintf(found, sizeof found, "%s %s %s %s", facts_get(&facts, "net"),
		facts_get(&facts, "host"), facts_get(&facts, "nameserver"),
		facts_get(&facts, "guest"));
	assert_string_equal(found, expected);
}

static void test_layout(void **state)
{
	(void)state;
	expect_layout(
		"10.0.2.15/24", "10.0.2.2", "10.0.2.3", "10.0.2.0/24 10.0.2.2 10.0.2.3 10.0.2.15");
	expect_layout("192.168.1.5/24", "192.168.1.1", "192.168.1.1",
		"192.168.1.0/24 192.168.1.1 192.168.1.3 192.168.1.5");
	expect_layout("192.168.1.5/24", "10.9.9.9", "192.0.2.53 1.2.3.4",
		"192.168.1.0/24 192.168.1.2 192.168.1.3 192.168.1.5");
	expect_layout("172.16.3.3/16", "172.16.0.1", "172.16.0.1",
		"172.16.0.0/16 172.16.0.1 172.16.0.3 172.16.3.3");
	expect_layout(
		"10.0.0.3/29", "10.0.0.2", "10.0.0.3", "10.0.0.0/29 10.0.0.2 10.0.0.4 10.0.0.3");
	/* a gateway and a name server that are the guest itself, or each other (mutation: the guest's address is given away) */
	expect_layout("192.168.1.2/24", "192.168.1.2", "192.168.1.2",
		"192.168.1.0/24 192.168.1.3 192.168.1.4 192.168.1.2");
	expect_layout("192.168.1.3/24", "192.168.1.1", "192.168.1.3",
		"192.168.1.0/24 192.168.1.1 192.168.1.4 192.168.1.3");
	expect_layout("192.168.1.2/24", "none", "192.168.1.3",
		"192.168.1.0/24 192.168.1.3 192.168.1.4 192.168.1.2");
	/* an address that allows no user network gets the usual one; the check will say so */
	expect_layout("10.1.1.1/32", "", "", "10.0.2.0/24 10.0.2.2 10.0.2.3 10.0.2.15");
	expect_layout("nonsense", "x", "y", "10.0.2.0/24 10.0.2.2 10.0.2.3 10.0.2.15");
	expect_layout("10.1.1.0/24", "", "", "10.0.2.0/24 10.0.2.2 10.0.2.3 10.0.2.15");
	facts_set(&facts, "network", "dhcp");
	guestnet_layout(&facts);
	assert_string_equal(facts_get(&facts, "guest"), "10.0.2.15");
}

/* A program of this machine is a list of words, never a shell command line. */
static void test_host_words(void **state)
{
	struct strings argv = {0};
	struct arena a = ARENA_INIT;
	struct text typed = TEXT_INIT;
	struct error err = {0};

	(void)state;
	guest_facts_set(&facts);
	facts_set(&facts, "port.ssh", "2222");
	facts_set(&facts, "key-file", "/a b/$(key)");
	facts_set(&facts, "key-name", "boot");
	facts_set(&facts, "public-key", "type bytes boot");
	assert_true(check_host(find("ssh"), &facts, &a, &argv, &err));
	assert_string_equal(argv.at[0], "ssh");
	assert_string_equal(argv.at[4], "/a b/$(key)");
	assert_non_null(strstr(argv.at[argv.n - 1], "hostname"));
	assert_true(check_command(find("ssh"), &facts, &typed, &err));
	assert_non_null(strstr(typed.s, "type bytes boot"));
	text_clear(&typed);
	assert_true(check_command(find("ssh-closed"), &facts, &typed, &err));
	assert_int_equal(typed.len, 0);
	text_release(&typed);
	arena_release(&a);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judgements),
		cmocka_unit_test(test_other_choices),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_which_apply),
		cmocka_unit_test(test_hostile_output),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_host_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
