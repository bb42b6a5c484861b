/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An emulator that emulates nothing: it plays a guest on the serial line and speaks just enough of the control protocol. The
 * scenario comes from --scenario, or from the first word of the file `scenario` in its working folder; its pid goes to the file
 * `pid` there. A test program becomes the emulator when called as FAKE_EMULATOR --serial FD --control FD --accel NAME.
 */
#ifndef FAKE_GUEST_H
#define FAKE_GUEST_H

#define FAKE_EMULATOR "fake-emulator"

int fake_guest(int argc, char **argv);

#endif
