#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong is said with the first line that tells why, the command and the log; the status says which kind it was; and
# what was done until then is kept.
. tests/fake/world
world_make

# A compiler error with much noise after it: the first real line is shown, not the last.
tree linux 6.66.1 "a b c"
cat >>"$WORLD/src/linux-6.66.1/rules.mk" <<'END'
b.o: $(SRC)/b.c
> @echo '  CC      $@'
> @echo "b.c:7:13: error: 'wrong' undeclared (first use in this function)" >&2
> @for i in 1 2 3 4 5 6 7 8; do echo "b.c:$$i: note: noise after it"; done
> @exit 1
END
pack linux-6.66.1 "$WORLD/src"
offer linux 6.66 6.66.1
printf 'kernel = 6.66\nhostname = broken\n' | profile broken
expect 3 build broken --json
"$BIN/lib/jsonlines" build <"$WORLD/stdout" || fail "the JSON lines of a failure are not what the contract says"
grep '"result": *"failed"' "$WORLD/stdout" | grep '"step": *"linux.build"' >"$WORLD/failure" || fail "no failed step linux.build"
says failure "b.c:7:13: error: 'wrong' undeclared"
log=$(sed -n 's/.*"log": *"\([^"]*\)".*/\1/p' "$WORLD/failure" | head -n 1)
grep -q 'noise after it' "$log" || fail "the log '$log' does not hold what the compiler said"
expect 3 build broken --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all "b.c:7:13: error: 'wrong' undeclared"
expect 0 log broken linux.build
says stdout "b.c:7:13: error: 'wrong' undeclared"

# The independent steps were finished all the same: the other kernel needs only its own.
grep '"step": *"busybox.build"' "$WORLD/stdout" | grep -q failed && fail "busybox failed too"
printf 'kernel = 6.12\nhostname = broken\n' | profile broken
build broken
grep '"event": *"step-start"' "$WORLD/stdout" | grep -q busybox.build && fail "busybox was compiled again"

# A missing tool is named, and nothing was started in vain.
mkdir "$WORLD/path"
cp -rs /usr/bin/. "$WORLD/path/" 2>/dev/null
rm -f "$WORLD/path/make" "$WORLD/path/gmake"
printf 'kernel = 6.1\nhostname = toolless\n' | profile toolless
WORLD_PATH=$WORLD/path
expect 7 build toolless --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all make
unset WORLD_PATH
build toolless

# One that is there, but starts what the sandbox hides, is not called missing.
if smith doctor --json | grep '"need":"sandbox"' | grep -q 'found.*[nL]a'; then
	mkdir -p "$WORLD/home/launch" "$WORLD/home/opt/frob/bin"
	printf '#!/bin/sh\n' >"$WORLD/home/opt/frob/bin/frob"
	printf '#!/bin/sh\nexec %s "$@"\n' "$WORLD/home/opt/frob/bin/frob" >"$WORLD/home/launch/frob"
	chmod 755 "$WORLD/home/launch/frob" "$WORLD/home/opt/frob/bin/frob"
	tree linux 6.67.1 "a b"
	printf 'b.o: frobbed\nfrobbed:\n> @frob\n.PHONY: frobbed\n' >>"$WORLD/src/linux-6.67.1/rules.mk"
	pack linux-6.67.1 "$WORLD/src"
	offer linux 6.67 6.67.1
	printf 'kernel = 6.67\nhostname = hidden\n' | profile hidden
	WORLD_PATH=$WORLD/home/launch:$PATH
	# The world, with its home, lies in a folder that may be read: what is covered stays so without name spaces, too, unless the
	# folder may be written. It is forbidden there, and not missing.
	cp "$WORLD/config/bootsmith/config" "$WORLD/kept"
	for kinds in "namespaces landlock seccomp" "landlock seccomp"; do
		export BOOTSMITH_TEST_SANDBOX="$kinds"
		case $(smith doctor --json | grep '"need":"sandbox"') in
		*"name spaces,"*)
			expect 7 build hidden --plain
			sentence="frob is there, but" way="sandbox-read = $WORLD/home/opt/frob"
			;;
		*Landlock*)
			touch "$WORLD/trace"
			sed "s/^sandbox-write/sandbox-read/; \$a sandbox-write = $WORLD/trace" "$WORLD/kept" >"$WORLD/config/bootsmith/config"
			expect 3 build hidden --plain
			sentence="wanted $WORLD/home/opt/frob/bin/frob, which the sandbox" way="sandbox-read"
			;;
		*) continue ;;
		esac
		cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
		says all "$sentence"
		says all "$way"
	done
	unset BOOTSMITH_TEST_SANDBOX
	cp "$WORLD/kept" "$WORLD/config/bootsmith/config"
	echo "sandbox-read = $WORLD/home/opt/frob" >>"$WORLD/config/bootsmith/config"
	build hidden
	unset WORLD_PATH
fi

# A cache whose path has blanks, which make cannot handle: it works all the same, or the reason is named at once.
CACHE="$WORLD/with blanks/cache"
smith build toolless --plain >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
status=$?
case $status in
0) ;;
7) cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all" && says all "with blanks" ;;
*) fail "status $status with a cache whose path has blanks" ;;
esac
unset CACHE
nobody_left
