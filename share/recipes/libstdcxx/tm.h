/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libgcc asks of the compiler's own headers, which are made when a compiler is: the rest it gets from -fbuilding-libgcc. */
#define BITS_PER_UNIT  8
#define UNITS_PER_WORD __SIZEOF_POINTER__
#ifdef __LP64__
#define MIN_UNITS_PER_WORD 8
#else
#define MIN_UNITS_PER_WORD 4
#endif
#define DWARF_REG_TO_UNWIND_COLUMN(number) (number)
