#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One script as init, the smallest kernel, an image that is not compressed.
. tests/boot/common
built simplest
booted 0 simplest
checked kernel shell mounts init hostname root poweroff
