#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who reads bytes from elsewhere has a fuzz target: tests/fuzz/readers says which, for each file whose object calls one of the
# functions below; and each target has a row, and a small corpus to begin with.
. tests/lint/files

B=${B:-build/release}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
TABLE=tests/fuzz/readers
LARGEST=32768

cat >"$WORK/functions" <<END
read pread pread64 recv recvfrom recvmsg fread getline getdelim getc fgets mmap mmap64
text_read_file conf_parse conf_read conf_read_guarded conf_find inflate_file inflate_member proc_capture proc_capture_for
json_loads json_loadb json_load_file json_loadf json_loadfd
archive_read_open_filename archive_read_open_fd archive_read_open_memory ext2fs_open fdisk_assign_device blkid_probe_set_device
curl_easy_perform
END
files 'backend/*.c' 'tui/*.c' | while read -r file; do
	[ -e "$B/${file%.c}.o" ] || { echo "$file (no object)" >>"$WORK/missing"; continue; }
	nm -u "$B/${file%.c}.o" | awk -v file="$file" '{ print $NF, file }'
done >"$WORK/needs"
touch "$WORK/missing"
fault 'Objects are missing (the build comes first):' <"$WORK/missing"
awk 'NR == FNR { for (i = 1; i <= NF; i++) reads[$i] = 1; next } { sub(/@.*/, "", $1) } $1 in reads { print $2 }' \
	"$WORK/functions" "$WORK/needs" | sort -u >"$WORK/readers"
grep -v '^#' "$TABLE" | sed 's/:.*//' | sort >"$WORK/listed"

uniq -d "$WORK/listed" | fault "$TABLE has a file twice:"
comm -23 "$WORK/readers" "$WORK/listed" |
	fault "These files read bytes, but $TABLE names no target for them, nor why there is none:"
grep -v '^#' "$TABLE" | sed -n 's/: - .*//p' | sort | comm -23 - "$WORK/readers" |
	fault "$TABLE says why these files have no target, but they read nothing:"
while read -r file; do
	[ -e "$file" ] || echo "$file"
done <"$WORK/listed" | fault "$TABLE names files that are not there:"

grep -v '^#' "$TABLE" | sed -n '/: - /d; s/^[^:]*: //p' | tr ' ' '\n' | sort -u >"$WORK/named"
files 'tests/fuzz/*_fuzz.c' | sed 's|.*/||; s/_fuzz\.c$//' | sort >"$WORK/targets"
comm -23 "$WORK/named" "$WORK/targets" | fault "$TABLE names targets that are not there:"
comm -13 "$WORK/named" "$WORK/targets" | fault "$TABLE does not say what these targets try:"
while read -r target; do
	[ -n "$(files "tests/fuzz/corpus/${target}_fuzz/*")" ] || echo "$target"
done <"$WORK/targets" | fault 'These targets have no corpus to begin with:'
files 'tests/fuzz/corpus/*' | while read -r file; do
	[ "$(wc -c <"$file")" -le $LARGEST ] || echo "$file"
done | fault "A file of a corpus has more than $LARGEST bytes:"
finish
