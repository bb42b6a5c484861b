/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets the facts: the choices of a small static system, and the addresses and names of a guest's network. */
#include "choice/facts.h"
#include "guest_facts.h"

void guest_facts_set(struct facts *f)
{
	static const char *const choices[][2] = {{"linkage", "static"}, {"libc", "host"},
		{"init", "busybox"}, {"root", "ram"}, {"network", "dhcp"}, {"hostname", "a.b"},
		{"packages", ""}, {"commands", ""}, {"sealed", "yes"}, {"resolver", "yes"},
		{"version.linux", "6.12"}, {"guest", "10.0.2.15"}, {"host", "10.0.2.2"},
		{"dns-name", "hello.test"}, {"dns-address", "192.0.2.1"},
		{"url", "http://10.0.2.2/w"}, {"token", "file-1"}, {"ipv6", "yes"},
		{"net6", "2001:db8:62:6f"}, {"host-ipv6", "yes"}, {"cpus", "1"}, {"cpu", "auto"},
		{"cards", "1"}, {"url6", "http://[2001:db8:62:6f::2]/w"}};

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		facts_set(f, choices[i][0], "%s", choices[i][1]);
}
