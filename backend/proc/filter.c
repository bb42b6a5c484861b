/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assembles the filter: one comparison for each system call of a table. */
#include "proc/filter.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/banned.h"

extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

struct row {
	unsigned number;
	bool alone;
};

static const struct row rows[] = {
	{SYS_keyctl, false},
	{SYS_add_key, false},
	{SYS_request_key, false},
	{SYS_socket, true},
	{SYS_io_uring_setup, true},
	{SYS_shmget, true},
	{SYS_shmat, true},
	{SYS_semget, true},
	{SYS_msgget, true},
	{SYS_mq_open, true},
};
enum { ROWS = sizeof rows / sizeof *rows, AROUND = 8 };

#define FOREIGN_ABI \
	0x40000000 /* another numbering of the same machine's calls, where there is one */
#define REFUSED (SECCOMP_RET_ERRNO | EACCES)
#define UNKNOWN (SECCOMP_RET_ERRNO | ENOSYS)

static uint32_t machine(void)
{
	return __ehdr_start.e_machine | (sizeof(long) == 8 ? __AUDIT_ARCH_64BIT : 0) |
	       (__BYTE_ORDER == __LITTLE_ENDIAN ? __AUDIT_ARCH_LE : 0);
}

static struct sock_filter load(size_t field)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)field);
}

/* Answers `answer` if the value compares, else goes on. */
static size_t answer_if(
	struct sock_filter *at, unsigned short how, bool holds, uint32_t value, uint32_t answer)
{
	at[0] = (struct sock_filter)BPF_JUMP(
		(unsigned short)(BPF_JMP | BPF_K | how), value, holds ? 0 : 1, holds ? 1 : 0);
	at[1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer);
	return 2;
}

bool filter_possible(void)
{
	const uint32_t action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool filter_enter(bool alone)
{
	struct sock_filter code[2 * ROWS + AROUND];
	struct sock_fprog program = {.filter = code};
	size_t n = 0;

	code[n++] = load(offsetof(struct seccomp_data, arch));
	n += answer_if(code + n, BPF_JEQ, false, machine(), alone ? UNKNOWN : SECCOMP_RET_ALLOW);
	code[n++] = load(offsetof(struct seccomp_data, nr));
	n += answer_if(code + n, BPF_JGE, true, FOREIGN_ABI, UNKNOWN);
	for (size_t i = 0; i < ROWS; i++)
		if (alone || !rows[i].alone)
			n += answer_if(code + n, BPF_JEQ, true, rows[i].number, REFUSED);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
