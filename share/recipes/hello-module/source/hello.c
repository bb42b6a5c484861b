/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest kernel module: it says something when it is loaded and when it is removed. The word is a parameter:
 * "modprobe hello word=moin", or a line "hello word=moin" in /etc/modules.
 *
 * Copyright (C) 2026 the authors of bootsmith. Free software under the GNU General Public License, version 2 or any later one,
 * without any warranty.
 */
#include <linux/init.h>
#include <linux/module.h>

static char *word = "hello";
module_param(word, charp, 0444);
MODULE_PARM_DESC(word, "What it says first");

static int __init hello_start(void)
{
	pr_info("%s: here is a module of this system's own\n", word);
	return 0;
}

static void __exit hello_end(void)
{
	pr_info("%s: gone\n", word);
}

module_init(hello_start);
module_exit(hello_end);

MODULE_DESCRIPTION("Says something when it is loaded");
MODULE_LICENSE("GPL");
