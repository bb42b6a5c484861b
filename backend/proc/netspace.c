/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Enters name spaces of our own. If we have the right, no user name space is made, so that devices stay usable. */
#include "proc/netspace.h"

#include "base/error.h"
#include "proc/identity.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

static bool unshare_all(void)
{
	unsigned uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) == 0)
		return true;
	/* we keep our user id inside: the emulator gains no rights */
	return unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 &&
	       identity_map(0, uid, uid, gid, gid);
}

static bool loopback_up(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0;

	request.ifr_flags |= IFF_UP;
	ok = ok && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* "ip route add local default dev lo": we also receive what is sent to the profile's name server, whatever its address. */
static bool answer_for_all(void)
{
	struct {
		struct nlmsghdr head;
		struct rtmsg route;
		struct rtattr attribute;
		unsigned device;
	} request = {
		.head = {.nlmsg_len = sizeof request,
			.nlmsg_type = RTM_NEWROUTE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK},
		.route = {.rtm_family = AF_INET,
			.rtm_table = RT_TABLE_LOCAL,
			.rtm_protocol = RTPROT_STATIC,
			.rtm_scope = RT_SCOPE_HOST,
			.rtm_type = RTN_LOCAL},
		.attribute = {.rta_len = RTA_LENGTH(sizeof(unsigned)), .rta_type = RTA_OIF},
		.device = if_nametoindex("lo"),
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
	} answer = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool ok = fd >= 0 && send(fd, &request, sizeof request, 0) == (ssize_t)sizeof request &&
		  recv(fd, &answer, sizeof answer, MSG_TRUNC) > 0 &&
		  answer.head.nlmsg_type == NLMSG_ERROR && answer.error.error == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool show_resolver(const char *resolv_conf)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount(resolv_conf, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
}

bool netspace_enter(const char *resolv_conf, struct error *err)
{
	if (!unshare_all())
		return error_errno(err, "a network name space cannot be made");
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of credentials may have cleared it */
	if (!loopback_up() || !answer_for_all())
		return error_errno(
			err, "the loopback device cannot be set up in a network name space");
	if (!show_resolver(resolv_conf))
		return error_errno(err, "/etc/resolv.conf cannot be replaced in a name space");
	return true;
}

bool netspace_possible(const char *resolv_conf)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct error err;

		_exit(netspace_enter(resolv_conf, &err) ? 0 : 1);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return child > 0 && status == 0;
}
