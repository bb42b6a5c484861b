/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inspects this machine for the start screen: a child process does it (it may take a while) and writes one line when done, so
 * that the first frame never waits for it.
 */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

struct app;

void host_check_start(struct app *app);
void host_check_read(struct app *app);
void host_check_end(struct app *app); /* ends the child if it is still running */

#endif
