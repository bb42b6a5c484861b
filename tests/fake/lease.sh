#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The script that udhcpc calls, as it is in the built system, run by BusyBox in a network of its own: a lease, a changed one, a
# renewed one, its end, and what a hostile server could send.
. tests/fake/world
if [ "${1:-}" != inside ]; then
	trap - EXIT
	command -v busybox >/dev/null || { echo "there is no busybox here" && exit 77; }
	unshare -rnmu true 2>/dev/null || { echo "no name spaces are allowed here" && exit 77; }
	rmdir "$WORLD"
	exec unshare -rnmu sh "$0" inside
fi
world_make
profile tiny <<-END
	root = disk
	hostname = tiny
END
profile nameless <<-END
	root = disk
END

# The folders that the script writes to are ours alone; the tools are BusyBox's and nobody else's.
cp "$(command -v busybox)" "$WORLD/busybox"
mkdir "$WORLD/bin"
for tool in sh ip ifconfig hostname sed cat echo env mv rm tr; do
	ln -s ../busybox "$WORLD/bin/$tool"
done
mount -t tmpfs tmpfs /run || exit 77
ip link add card type veth peer other || { echo "no network card can be made" && exit 77; }
ip link set other up

install_script() { # PROFILE
	build "$1"
	debugfs -R "cat /usr/share/udhcpc/default.script" "$WORLD/here/out/$1/root.ext4" >"$WORLD/script" 2>/dev/null
	[ -s "$WORLD/script" ] || fail "no script in $1"
}

event() { # WORD VARIABLE=VALUE...
	word=$1
	shift
	env -i PATH="$WORLD/bin" interface=card "$@" "$WORLD/bin/sh" "$WORLD/script" "$word" >"$WORLD/stdout" 2>"$WORLD/stderr"
}

is() { # WHAT FOUND EXPECTED
	[ "$2" = "$3" ] || fail "$1: '$2' instead of '$3'"
}

addresses() {
	"$WORLD/bin/ip" -4 addr show dev card | sed -n 's/^ *inet \([^ ]*\).*/\1/p' | xargs
}

routes() {
	"$WORLD/bin/ip" -4 route show dev card | sed 's/ dev card */ /; s/ scope link//; s/ src.*//; s/ *$//' | sort | tr '\n' ';'
}

nothing() {
	is addresses "$(addresses)" ""
	is routes "$(routes)" ""
	is resolv.conf "$(cat /run/resolv.conf)" ""
}

install_script tiny
event deconfig
nothing
"$WORLD/bin/ip" link show card | grep -q UP || fail "the card is not up"

event bound ip=10.0.2.15 subnet=255.255.255.0 router="10.0.2.2 10.0.2.1" dns="10.0.2.3 10.0.2.4" domain="a.example b.example" \
	hostname=given lease=3600 serverid=10.0.2.2
is addresses "$(addresses)" 10.0.2.15/24
is routes "$(routes)" "10.0.2.0/24;default via 10.0.2.1 metric 1;default via 10.0.2.2;"
is resolv.conf "$(xargs </run/resolv.conf)" "search a.example b.example nameserver 10.0.2.3 nameserver 10.0.2.4"
[ "$(hostname)" != given ] || fail "the network's host name replaced the profile's"

# Renewed: what a person added meanwhile stays, for nothing was touched.
ip route add 192.0.2.0/24 via 10.0.2.9
event renew ip=10.0.2.15 subnet=255.255.255.0 router="10.0.2.2 10.0.2.1" dns=10.0.2.5
is routes "$(routes)" "10.0.2.0/24;192.0.2.0/24 via 10.0.2.9;default via 10.0.2.1 metric 1;default via 10.0.2.2;"
is resolv.conf "$(xargs </run/resolv.conf)" "nameserver 10.0.2.5"

# Changed: nothing of the old lease is left.
event renew ip=10.9.0.7 subnet=255.255.0.0 broadcast=10.9.255.255 router=10.9.0.1 dns=10.9.0.2 domain=c.example
is addresses "$(addresses)" 10.9.0.7/16
is routes "$(routes)" "10.9.0.0/16;default via 10.9.0.1;"
is resolv.conf "$(xargs </run/resolv.conf)" "search c.example nameserver 10.9.0.2"
event renew ip=10.9.0.7 subnet=255.255.0.0 broadcast=10.9.255.255 router=10.9.0.3 dns=10.9.0.2
is routes "$(routes)" "10.9.0.0/16;default via 10.9.0.3;"

# A network of one machine.
event bound ip=10.9.0.7 subnet=255.255.255.255 router=10.1.1.1 dns=10.1.1.1
is addresses "$(addresses)" 10.9.0.7/32
is routes "$(routes)" "10.1.1.1;default via 10.1.1.1;"

# IPv6 is none of its business.
ip -6 addr add 2001:db8::7/64 dev card nodad 2>/dev/null || echo "(this machine has no IPv6)"
six=$(ip -6 addr show dev card)
event deconfig
nothing
is "IPv6 addresses" "$(ip -6 addr show dev card | grep -c 2001:db8::7)" "$(echo "$six" | grep -c 2001:db8::7)"

# A hostile server: bad words are left out, the good ones beside them are used.
# shellcheck disable=SC2016 # nothing of this is for our shell
event bound ip=10.0.2.15 subnet='255.255.255.0;reboot' broadcast='$(reboot)' \
	router='10.0.2.2 * 300.1.1.1 10.0.2 -e 127.0.0.1 0.0.0.0 224.0.0.1 1.2.3.4.5 `id`' \
	dns='10.0.2.3
nameserver 6.6.6.6 127.0.0.1 ::1 10.0.2.3/24 999.9.9.9' \
	domain='good.example * evil;reboot .. -x a..b $(id) /etc/passwd
options' hostname='x;reboot' lease='1;2'
is addresses "$(addresses)" 10.0.2.15/24
is routes "$(routes)" "10.0.2.0/24;default via 10.0.2.2;"
is resolv.conf "$(xargs </run/resolv.conf)" "search good.example options nameserver 10.0.2.3 nameserver 6.6.6.6"
says stderr "no address"
grep -q reboot "$WORLD/stdout" "$WORLD/stderr" && fail "what the server sent was printed"
for bad in '' '10.0.2' '10.0.2.15/8' '10.0.2.256' '10.0.2.15 ' '0.0.0.0' '127.0.0.1' '239.1.1.1' '255.255.255.255' '1.2.3.4;x' '-a'; do
	event deconfig
	event bound ip="$bad" router=10.0.2.2 dns=10.0.2.3 && fail "the address '$bad' was accepted"
	nothing
done

# Programs of the user's own get the checked values and nothing else; one that cannot be run is left alone.
mount -t tmpfs tmpfs /etc
mkdir /etc/udhcpc.d
printf '127.0.0.1\tlocalhost\n127.0.1.1\tbootsmith\n' >/etc/hosts
# shellcheck disable=SC2016 # for the hook's shell
printf '#!%s/bin/sh\nunset PWD SHLVL OLDPWD _\n{ echo "$1"; %s/busybox env; } | %s/busybox sort >>%s/hook\n' \
	"$WORLD" "$WORLD" "$WORLD" "$WORLD" >/etc/udhcpc.d/10-mine
chmod 755 /etc/udhcpc.d/10-mine
echo 'exit 1' >/etc/udhcpc.d/20-not-mine
# shellcheck disable=SC2016 # not for our shell either
event bound ip=10.0.2.15 router='10.0.2.2 x' dns=10.0.2.3 domain='d.example ;' hostname='bad name' lease=60 bootfile='$(id)' LD_PRELOAD=
is "what the hook saw" "$(grep -v '^PATH=' "$WORLD/hook" | tr '\n' ',')" \
	"bound,broadcast=,dns=10.0.2.3,domain=d.example,hostname=,interface=card,ip=10.0.2.15,lease=60,router=10.0.2.2,serverid=,subnet=,"
rm "$WORLD/hook"
for word in leasefail nak deconfig; do
	event "$word"
	grep -qx "$word" "$WORLD/hook" || fail "the hook was not called for $word"
done

# The network's host name, where the profile has none of its own.
umount /etc
install_script nameless
mount -t tmpfs tmpfs /etc
printf '127.0.0.1\tlocalhost\n127.0.1.1\tbootsmith\n' >/etc/hosts
hostname bootsmith
for bad in 'a b' 'x;reboot' '-x' 'a..b' '../../x' "$(printf 'a\nb')" \
	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 'a&b' 'a/b'; do
	event bound ip=10.0.2.15 hostname="$bad"
	is "host name after '$bad'" "$(hostname)" bootsmith
done
event bound ip=10.0.2.15 hostname=lab-7.example
is "host name" "$(hostname)" lab-7.example
is hosts "$(tail -n 1 /etc/hosts)" "$(printf '127.0.1.1\tlab-7.example')"
exit 0
