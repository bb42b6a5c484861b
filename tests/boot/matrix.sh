#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The choices the program is about, each pair of them together in some guest; `make check-matrix` takes every combination.
exec tests/matrix/run --pairwise
