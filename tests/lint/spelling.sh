#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Words as a dictionary of common slips knows them. Names of symbols and upstream files are no prose, and the tests of what
# happens to misspelt words misspell them.
. tests/lint/files
needs_tool codespell
files '*' | grep -vE '^(share/catalogue/|share/tables/|tests/fuzz/corpus/|tests/unit/|tests/cli/|tests/screen/)|\.(config|fragment)$' |
	xargs codespell --quiet-level=3 --ignore-words-list=mmaped,nd,te,ba,inout,ans,fo,hda,ser,noe,chage,caf
