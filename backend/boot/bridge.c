/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creates, finds and removes the bridge and the tap device that a guest is attached to. */
#include "boot/bridge.h"

#include "base/error.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/banned.h"

static const char prefix[] = "bsm";

/* ---- an existing one ---- */

/* /sys may show another name space's devices: it is only trusted if it has the name. */
static bool is_bridge(const char *name)
{
	struct text path = TEXT_INIT;
	bool known, bridge;

	text_fmt(&path, "/sys/class/net/%s", name);
	known = access(path.s, F_OK) == 0;
	text_str(&path, "/bridge");
	bridge = !known || access(path.s, F_OK) == 0;
	text_release(&path);
	return !strchr(name, '/') && if_nametoindex(name) && bridge;
}

/* "allow NAME" or "allow all" in the helper's own file. */
static bool is_allowed(const char *name)
{
	struct text rules = TEXT_INIT;
	struct error err;
	bool allowed = false;

	if (!text_read_file(&rules, "/etc/qemu/bridge.conf", 1 << 16, &err))
		text_clear(&rules);
	for (char *rest = rules.s, *line; rest && (line = strsep(&rest, "\n"));) {
		char word[32] = "", of[64] = "";

		if (sscanf(line, " %31s %63s", word, of) == 2 && strcmp(word, "allow") == 0)
			allowed = allowed || strcmp(of, "all") == 0 || strcmp(of, name) == 0;
	}
	text_release(&rules);
	return allowed;
}

static bool has_right(const char *helper)
{
	struct stat st;

	return geteuid() == 0 ||
	       (stat(helper, &st) == 0 && st.st_uid == 0 && st.st_mode & S_ISUID) ||
	       getxattr(helper, "security.capability", NULL, 0) > 0;
}

const char *bridge_helper(const char *name, const struct strings *helpers, struct error *err)
{
	const char *helper = NULL;
	bool ok;

	for (size_t i = 0; !helper && i < helpers->n; i++)
		if (access(helpers->at[i], X_OK) == 0)
			helper = helpers->at[i];
	if (!is_bridge(name))
		ok = error_set(err, ERROR_USAGE,
			"there is no bridge %s on this machine; \"ip link add %s type bridge\" makes one (as root), and --bridge new makes one for this boot",
			name, name);
	else if (!helper)
		ok = error_set(err, ERROR_HOST,
			"qemu-bridge-helper is not installed, and nothing else attaches a guest to %s; it comes with QEMU",
			name);
	else if (!is_allowed(name))
		ok = error_set(err, ERROR_HOST,
			"guests may not use the bridge %s: the line \"allow %s\" is missing in /etc/qemu/bridge.conf",
			name, name);
	else if (!has_right(helper))
		ok = error_set(err, ERROR_HOST,
			"%s has no right to change the network; as root: chmod u+s %s", helper,
			helper);
	else
		ok = true;
	return ok ? helper : NULL;
}

/* ---- one for the run ---- */

void bridge_init(struct bridge *b)
{
	*b = (struct bridge){.tap = -1};
}

static void name_of(pid_t supervisor, char name[IFNAMSIZ])
{
	snprintf(name, IFNAMSIZ, "%s%d", prefix, (int)supervisor);
}

static struct ifreq request_for(const char *name)
{
	struct ifreq r = {0};

	memcpy(r.ifr_name, name, strnlen(name, IFNAMSIZ - 1));
	return r;
}

static bool set_up(int fd, const char *name, bool up)
{
	struct ifreq r = request_for(name);

	if (ioctl(fd, SIOCGIFFLAGS, &r) < 0)
		return false;
	r.ifr_flags = (short)(up ? r.ifr_flags | IFF_UP : r.ifr_flags & ~IFF_UP);
	return ioctl(fd, SIOCSIFFLAGS, &r) == 0;
}

static bool set_address(int fd, const char *name, const char *address, unsigned bits)
{
	struct ifreq r = request_for(name);
	struct sockaddr_in at = {.sin_family = AF_INET};

	if (inet_pton(AF_INET, address, &at.sin_addr) != 1)
		return false;
	memcpy(&r.ifr_addr, &at, sizeof at);
	if (ioctl(fd, SIOCSIFADDR, &r) < 0)
		return false;
	at.sin_addr.s_addr = htonl(bits ? ~0U << (32 - bits) : 0);
	memcpy(&r.ifr_netmask, &at, sizeof at);
	return ioctl(fd, SIOCSIFNETMASK, &r) == 0;
}

static bool open_tap(struct bridge *b, int fd)
{
	struct ifreq r = request_for(b->name), member = request_for(b->name);

	r.ifr_name[0] = 't'; /* beside the bridge's name */
	r.ifr_flags = IFF_TAP | IFF_NO_PI;
	b->tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (b->tap < 0 || ioctl(b->tap, TUNSETIFF, &r) < 0)
		return false;
	member.ifr_ifindex = (int)if_nametoindex(r.ifr_name);
	return ioctl(fd, SIOCBRADDIF, &member) == 0 && set_up(fd, r.ifr_name, true);
}

void bridge_remove(pid_t supervisor)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char name[IFNAMSIZ];

	name_of(supervisor, name);
	if (fd >= 0 && set_up(fd, name, false))
		ioctl(fd, SIOCBRDELBR, name);
	if (fd >= 0)
		close(fd);
}

static void remove_stale(void)
{
	struct if_nameindex *all = if_nameindex();

	for (const struct if_nameindex *i = all; i && i->if_name; i++) {
		char *end;
		long pid;

		if (strncmp(i->if_name, prefix, sizeof prefix - 1) != 0)
			continue;
		pid = strtol(i->if_name + sizeof prefix - 1, &end, 10);
		if (pid > 0 && !*end && kill((pid_t)pid, 0) < 0 && errno == ESRCH)
			bridge_remove((pid_t)pid);
	}
	if (all)
		if_freenameindex(all);
}

bool bridge_make(struct bridge *b, pid_t supervisor, const char *first, const char *second,
	unsigned bits, struct error *err)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), problem;
	char alias[IFNAMSIZ + 2];
	bool ok;

	bridge_init(b);
	remove_stale();
	name_of(supervisor, b->name);
	snprintf(alias, sizeof alias, "%s:1", b->name);
	ok = fd >= 0 && ioctl(fd, SIOCBRADDBR, b->name) == 0 && open_tap(b, fd) &&
	     set_address(fd, b->name, first, bits) && set_address(fd, alias, second, bits) &&
	     set_up(fd, b->name, true);
	problem = errno;
	if (fd >= 0)
		close(fd);
	if (ok)
		return true;
	bridge_release(b);
	bridge_remove(supervisor);
	errno = problem;
	if (problem == EPERM || problem == EACCES)
		return error_set(err, ERROR_HOST,
			"a bridge needs the right to change the network (CAP_NET_ADMIN, which root has) and /dev/net/tun; without it --bridge NAME takes one that is there");
	error_errno(err, "the bridge for the guest cannot be made");
	err->kind = ERROR_HOST;
	return false;
}

void bridge_release(struct bridge *b)
{
	if (b->tap >= 0)
		close(b->tap);
	b->tap = -1;
}
