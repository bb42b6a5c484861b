#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Words as a dictionary of common slips knows them; names of symbols and upstream files are no prose.
. tests/lint/files
files '*' | grep -vE '^(share/catalogue/|tests/fuzz/corpus/)|\.(config|fragment)$' |
	xargs codespell --quiet-level=3 --ignore-words-list=mmaped,nd,te,ba,inout,ans,fo,hda,ser
