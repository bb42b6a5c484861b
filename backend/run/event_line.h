/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a run's event log, read back. This is the list of the objects that a log may hold; writers (builder, boot) emit
 * exactly these, each with "time" added by journal_emit:
 *
 *   {"event":"plan","profile":,"steps":[{"id":,"title":,"state":"cached|run"}]}
 *   {"event":"note","text":}
 *   {"event":"step-start","step":,"log":}
 *   {"event":"progress","step":,"done":,"total":,"unit":}
 *   {"event":"step-done","step":,"result":,"seconds":} and when failed "command":[],"exit":,"line":,"cause":,"remedy":,"log":
 *   {"event":"finished","ok":,"seconds":,"status":,"steps":{"run":,"cached":,"failed":},
 *       "artifacts":[{"path":,"bytes":,"sha256":}]}
 *       and when not ok "error": (one sentence) and, of the first failed step, "failure":{the fields of its step-done}
 *   {"event":"boot-start","accel":,"firmware":,"log":,"console":,"command":}
 *   {"event":"milestone","name":,"seconds":}
 *   {"event":"check","name":,"ok":,"detail":}
 *   {"event":"verdict",...}                                        as in the contract
 */
#ifndef EVENT_LINE_H
#define EVENT_LINE_H

#include "base/arena.h"
#include "run/event.h"

/* All strings of *e live in the arena. *known is false for an event of a kind that is not in the list (to be passed over). */
CHECKED bool event_parse(struct event *e, bool *known, const char *line, size_t len,
	struct arena *a, struct error *err);

/* Nothing comes after it in a log. */
bool event_is_last(const struct event *e);

#endif
