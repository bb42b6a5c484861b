#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sources from a server that is not well: it dies in the middle of a file, falls silent, or sends other bytes. What arrived is
# kept and the rest asked for; and when all fails, the status is 8 and the next try goes on.
. tests/fake/world
world_make
head -c 300000 /dev/urandom >"$WORLD/src/linux-6.12.9/ballast"
pack linux-6.12.9 "$WORLD/src"
rm "$WORLD/data/share/catalogue/linux"
offer linux 6.12 6.12.9
file=linux-6.12.9.tar.xz

serve() { # RULE...
	[ -z "${SERVER:-}" ] || kill "$SERVER" 2>/dev/null
	rm -f "$WORLD/port" "$WORLD/port.log"
	"$BIN/lib/httpd_main" "$WORLD/mirror" "$WORLD/port" "$@" &
	SERVER=$!
	until_true 10 test -s "$WORLD/port" || fail "no server"
	settings <<-END
		origins = cache mirror
		mirror = http://127.0.0.1:$(cat "$WORLD/port")
	END
	chmod -R u+w "$WORLD/cache" 2>/dev/null
	rm -rf "$WORLD/cache" "$WORLD/here/out"
}

# Dies twice in the middle: two more requests, both for the rest alone.
serve "/$file die 100000 x2"
build tiny
whole=$(digest tiny)
[ "$(grep -c "^GET /$file bytes=[1-9]" "$WORLD/port.log")" -ge 1 ] || fail "the file was not resumed: $(cat "$WORLD/port.log")"

# Falls silent: cut off after half a minute without bytes, then resumed.
serve "/$file stall 100000 x1"
build tiny
[ "$(digest tiny)" = "$whole" ] || fail "another image after a server that fell silent"

# Turns everybody away for a moment: asked again when it wishes, which is said, and Ctrl-C ends the wait.
serve "/$file status 503@2 x2"
expect 0 build tiny --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all "the server answers 503; it is asked again in "
[ "$(digest tiny)" = "$whole" ] || fail "another image after a server that was busy"
serve "/$file status 429@100"
(become "$BOOTSMITH" build tiny --plain) >"$WORLD/all" 2>&1 </dev/null &
waiting=$!
until_true 20 grep -q "429; it is asked again" "$WORLD/all" || fail "no word of the wait: $(cat "$WORLD/all")"
kill -INT "$waiting"
wait "$waiting"
status=$?
[ $status = 130 ] || fail "status $status, not 130, after SIGINT"
nobody_left
serve "/$file status 503@86400"
expect 8 build tiny --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all "wants to be left alone"

# A server that is gone for good: 8, and what had arrived is used when another one has the file.
serve "/$file die 100000 x1" "/$file close"
expect 8 build tiny --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all "$file"
settings <<-END
	origins = cache mirror
	mirror = file://$WORLD/mirror
END
build tiny
[ "$(digest tiny)" = "$whole" ] || fail "another image from the second server"

# One wrong byte, every time: not a byte of it is used.
serve "/$file flip"
expect 8 build tiny --plain
[ ! -e "$WORLD/here/out/tiny/vmlinuz" ] || fail "there is a result"
nobody_left
