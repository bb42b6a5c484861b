/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulator of the fake world: plays the guest that the file `scenario` in its working folder names. */
#include "fake_guest.h"

int main(int argc, char **argv)
{
	return fake_guest(argc, argv);
}
