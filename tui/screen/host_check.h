/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The look at this machine for the start screen: a child process looks (it may take a while), and its one line arrives when it
 * is done, so that the first frame never waits for it.
 */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

struct app;

void host_check_start(struct app *app);
void host_check_read(struct app *app);
void host_check_end(struct app *app); /* ends the child when it is still looking */

#endif
