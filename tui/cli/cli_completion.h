/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What completion in bash, zsh and fish knows about this program: lines for share/completion, made from the table of verbs. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/text.h"

void completion_bash_names(struct text *out);  /* the lists of verbs and of flags of every verb */
void completion_bash_verbs(struct text *out);  /* branches: what a verb takes */
void completion_bash_values(struct text *out); /* branches: what a flag takes */
void completion_zsh_names(struct text *out);
void completion_zsh_global(struct text *out);
void completion_zsh_verbs(struct text *out);
void completion_fish(struct text *out);

#endif
