/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A state machine over the guest's bytes. */
#include "shared/guest_filter.h"

#include "base/text.h"

#define ESCAPE 0x1b

static void hold(struct guest_filter *f, unsigned char c)
{
	/* What does not fit is dropped with the rest of its sequence: n stays at the limit. */
	if (f->n < sizeof f->held)
		f->held[f->n++] = (char)c;
}

static void begin(struct guest_filter *f, int state, unsigned char c)
{
	f->state = state;
	f->n = 0;
	hold(f, c);
}

static void on_ground(struct guest_filter *f, unsigned char c, struct text *out)
{
	if (c == ESCAPE)
		begin(f, FILTER_ESCAPE, c);
	else if (c == 0xc2)
		begin(f, FILTER_C2, c);
	else
		text_char(out, (char)c);
}

static void on_c2(struct guest_filter *f, unsigned char c, struct text *out)
{
	f->state = FILTER_GROUND;
	if (c >= 0x80 && c < 0xa0)
		return;
	text_char(out, (char)0xc2);
	on_ground(f, c, out);
}

static void on_escape(struct guest_filter *f, unsigned char c, struct text *out)
{
	if (c == '[') {
		f->state = FILTER_CSI;
		hold(f, c);
		return;
	}
	f->state = FILTER_GROUND;
	text_char(out, ESCAPE);
	on_ground(f, c, out);
}

static void on_csi(struct guest_filter *f, unsigned char c, struct text *out)
{
	if (c >= 0x20 && c < 0x40) {
		hold(f, c);
	} else if (c == ESCAPE) {
		begin(f, FILTER_ESCAPE, c);
	} else if (c >= 0x40 && c < 0x7f) {
		f->state = FILTER_GROUND;
		if (c == 'b' || f->n >= sizeof f->held)
			return;
		text_add(out, f->held, f->n);
		text_char(out, (char)c);
	} else if (c == 0x18 || c == 0x1a || c >= 0x7f) {
		/* Cancelled, or not a sequence at all. */
		f->state = FILTER_GROUND;
	} else {
		/* Control characters also work in the middle of a sequence. */
		text_char(out, (char)c);
	}
}

void guest_filter(struct guest_filter *f, const char *bytes, size_t len, struct text *out)
{
	static void (*const on[])(struct guest_filter *, unsigned char, struct text *) = {
		[FILTER_GROUND] = on_ground,
		[FILTER_ESCAPE] = on_escape,
		[FILTER_CSI] = on_csi,
		[FILTER_C2] = on_c2,
	};

	for (size_t i = 0; i < len; i++)
		on[f->state](f, (unsigned char)bytes[i], out);
}
