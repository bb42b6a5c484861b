#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A source whose Makefile tries all ways out of its step that tests/fake/sandbox.ways lists. Without a sandbox each of them is
# open, else trying would show nothing; in each kind of sandbox that this machine allows none is. What is built is the same.
. tests/fake/world
WAYS=$ROOT/tests/fake/sandbox.ways
for tool in perl bash; do
	command -v $tool >/dev/null || { echo "skipped: $tool is needed" && exit 77; }
done

# A package whose Makefile is hostile, and says of each way whether it was open.
world_make
tree linux 9.9.9 "a"
sed -i '/trace/d' "$WORLD/src/linux-9.9.9/rules.mk"
cat >>"$WORLD/src/linux-9.9.9/rules.mk" <<-'END'
	a.o: ways
	ways:
	> @bash $(SRC)/ways.sh $(SRC)
	.PHONY: ways
END
echo 'int spare;' >"$WORLD/src/linux-9.9.9/spare.c"

# Limits that are quick to reach. When root builds, the kernel counts the processes of all who build as nobody: one such test at
# a time.
exec 8>/tmp/bootsmith-sandbox-test.lock && flock 8
mkdir -p "$WORLD/data/share/host"
sed 's/^processes .*/processes = 300/; s/^memory .*/memory = 20/; s/^temporary .*/temporary = 2/' "$ROOT/share/host/sandbox" >"$WORLD/data/share/host/sandbox"

# Somebody else, in a process of their own: listens everywhere, and notes what came.
FAR=$WORLD/far
mkdir -p "$FAR" "$WORLD/home/.ssh"
chmod 711 "$WORLD"
echo open-sesame | tee "$FAR/secret" >"$WORLD/home/.ssh/id_secret"
SHM=/dev/shm/bootsmith-way-$$
: >"$SHM"
trap 'got=$?; rm -f "$SHM"; world_end $got' EXIT
cat >"$WORLD/victim.pl" <<-'END'
	use IO::Socket::INET; use IO::Socket::UNIX; use IO::Select;
	my $w = shift; chdir "/"; umask 0;
	my $t = IO::Socket::INET->new(Listen => 9, LocalAddr => "127.0.0.1") or die;
	my $u = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1:" . $t->sockport) or die;
	my $l = IO::Socket::UNIX->new(Listen => 9, Local => "$w/agent") or die;
	my $a = IO::Socket::UNIX->new(Listen => 9, Local => "\0bootsmith-$$") or die;
	my $shared = shmget(0, 64, 0600); shmwrite($shared, "open", 0, 4);
	sub note { open my $f, ">", "$w/far/$_[0]" }
	$SIG{USR1} = sub { note("signal-a-process") };
	open my $f, ">", "$w/victim.new"; print $f $t->sockport, " $shared\n"; close $f; rename "$w/victim.new", "$w/victim";
	my $s = IO::Select->new($t, $u, $l, $a);
	for (;;) { for my $h ($s->can_read) { if ($h == $u) { $u->recv(my $b, 9); note("send-udp") } else { $h->accept } } }
END
SECRET=open-sesame perl "$WORLD/victim.pl" "$WORLD" &
SERVER=$!
until_true 10 test -s "$WORLD/victim" || fail "nobody to be attacked"
read -r PORT SHARED <"$WORLD/victim"
trap 'got=$?; ipcrm -m "$SHARED" 2>/dev/null; rm -f "$SHM"; world_end $got' EXIT

# shellcheck disable=SC2016 # it is the other script's
{
	printf 'W=%s FAR=%s PORT=%s VICTIM=%s SHARED=%s SRC=$1\n' "$WORLD" "$FAR" "$PORT" "$SERVER" "$SHARED"
	echo '[ ! -e $FAR/peace ] || exit 0'
	echo 'try() { if (eval "$2") >/dev/null 2>&1; then echo "WAY $1 open"; else echo "WAY $1 shut"; fi; }'
	grep -v '^#' "$WAYS" | while read -r name _ command; do
		printf 'try %s %s\n' "$name" "'$(printf %s "$command" | sed "s/'/'\\\\''/g")'"
	done
	echo 'setsid sleep 4321 >/dev/null 2>&1 & sleep 0.1'
} >"$WORLD/src/linux-9.9.9/ways.sh"
pack linux-9.9.9 "$WORLD/src"
offer linux 9.9 9.9.9
printf 'kernel = 9.9\nhostname = tiny\n' | profile hostile
printf 'kernel = 6.1\nhostname = tiny\n' | profile tiny

# The build of a profile with such settings and in such a kind of sandbox, in a cache of its own, which holds another's parts.
attempt() { # NAME KINDS SETTING
	rm -rf "$WORLD"/cache-* 2>/dev/null || { chmod -R u+w "$WORLD"/cache-* && rm -rf "$WORLD"/cache-*; }
	rm -rf "$WORLD/here/out" # results that stand need no parts
	rm -f "$FAR/write-temporary" "$FAR/send-udp" "$FAR/signal-a-process"
	CACHE=$WORLD/cache-$1
	printf 'origins = cache mirror\nmirror = file://%s/mirror\n' "$WORLD" >"$WORLD/basis"
	{ echo 'sandbox = off' && cat "$WORLD/basis"; } >"$WORLD/config/bootsmith/config"
	expect 0 build tiny --plain
	{ echo "jobs = 1" && echo "sandbox = $3" && cat "$WORLD/basis"; } >"$WORLD/config/bootsmith/config"
	[ -z "$2" ] || export BOOTSMITH_TEST_SANDBOX="$2"
	smith build hostile --plain >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
	got=$?
	unset BOOTSMITH_TEST_SANDBOX
	cat "$CACHE"/run/*-hostile/linux.build.log >"$WORLD/log" 2>/dev/null
	! pgrep -fx 'sleep 4321' >/dev/null || fail "$1: a process was left behind"
}

# Each way, with whether it was open, as far as it can be told: NAME NEEDS open|shut
judged() {
	grep -v '^#' "$WAYS" | while read -r name needs _; do
		found=$(sed -n "s/^WAY $name //p" "$WORLD/log")
		if [ "$needs" = later ]; then
			found=shut
			[ ! -e "$FAR/$name" ] || found=open
		fi
		echo "$name $needs ${found:-untried}"
	done
}

least=30
[ "$(grep -vc '^#' "$WAYS")" -ge $least ] || fail "there are fewer than $least ways"
attempt off "" off
judged >"$WORLD/off"
while read -r name needs found; do
	case $needs:$(id -u):$found in
	*:open) ;;
	root:0:*) echo "$name ($found)" ;;
	root:*) echo "not shown, for only root could go that way: $name" >&2 ;;
	*) echo "$name ($found)" ;;
	esac
done <"$WORLD/off" >"$WORLD/shut"
[ ! -s "$WORLD/shut" ] || fail "without a sandbox these ways are shut, so they show nothing: $(tr '\n' ' ' <"$WORLD/shut")"

# What comes of it when nobody attacks: there the source sees that it should not.
: >"$FAR/peace"
attempt peace "" off
made=$(digest hostile) || fail "without a sandbox nothing was made"
rm "$FAR/peace"

tried=0
for kinds in "" namespaces "landlock seccomp"; do
	cp "$WORLD/basis" "$WORLD/config/bootsmith/config" # it was changed by one of the ways
	export BOOTSMITH_TEST_SANDBOX="${kinds:-namespaces landlock seccomp}"
	smith doctor --json | grep '"need":"sandbox"' >"$WORLD/sandbox"
	unset BOOTSMITH_TEST_SANDBOX
	case $kinds in
	namespaces*) grep -q '"name spaces' "$WORLD/sandbox" || { echo "not tried, for this machine has none: $kinds" && continue; } ;;
	landlock*) grep -q '"Landlock, seccomp' "$WORLD/sandbox" || { echo "not tried, for this machine has none: $kinds" && continue; } ;;
	*) grep -q "found.*[nL]a" "$WORLD/sandbox" || { echo "skipped: this machine allows no sandbox" && exit 77; } ;;
	esac
	tried=$((tried + 1))
	attempt "$tried" "$kinds" auto
	[ "$got" = 0 ] || fail "the build failed in: ${kinds:-everything}"
	judged | while read -r name needs found; do
		case $needs:$found in
		*:shut) ;;
		spaces:open) [ "$kinds" = "landlock seccomp" ] || echo "$name" ;;
		*) echo "$name ($found)" ;;
		esac
	done >"$WORLD/open"
	[ ! -s "$WORLD/open" ] || fail "in ${kinds:-everything} these ways are open: $(tr '\n' ' ' <"$WORLD/open")"
	[ "$(digest hostile)" = "$made" ] || fail "in ${kinds:-everything} something else was made"
	grep -q '"sandbox": *\[$' "$WORLD/here/out/hostile/manifest.json" || fail "the manifest says nothing of a sandbox"
done

# Refused before the first step where it is required and not to be had; said where it is not required.
rm -rf "$WORLD/cache-none" "$WORLD/here/out"
CACHE=$WORLD/cache-none
{ echo 'sandbox = require' && cat "$WORLD/basis"; } >"$WORLD/config/bootsmith/config"
export BOOTSMITH_TEST_SANDBOX=nothing
expect 7 build hostile --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all 'sandbox = require'
! grep -q 'fetch: started' "$WORLD/all" || fail "a step was started"
expect 7 doctor
{ echo 'sandbox = auto' && cat "$WORLD/basis"; } >"$WORLD/config/bootsmith/config"
expect 0 build tiny --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all 'build steps are not confined'
unset BOOTSMITH_TEST_SANDBOX

# A link that leads our own actions out of the work folder is refused, whatever the sandbox.
tree linux 9.8.0 "a"
sed -i '/trace/d; /BUILD   arch/a > @rm -r arch/x86/boot && ln -s '"$FAR"' arch/x86/boot' "$WORLD/src/linux-9.8.0/rules.mk"
pack linux-9.8.0 "$WORLD/src"
offer linux 9.8 9.8.0
cp "$FAR/secret" "$FAR/bzImage"
printf 'kernel = 9.8\nhostname = tiny\n' | profile thief
expect 3 build thief --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all "arch/x86/boot/bzImage leads out of the step's own folder"
