#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which network card is set up, on the kernel of first-boot: the only one, whatever model it is; of two the first, or the one
# that has a cable; one that comes when the system is up; and a machine with none comes up as well.
. tests/boot/common
smith new wired --from first-boot || fail "no copy of first-boot"
built wired
OUT=$HERE/out/wired
ROUND=0
QEMU=
trap '[ -z "$QEMU" ] || kill "$QEMU"; chmod -R u+rwX "$HERE"; rm -rf "$HERE"' EXIT

# Not to be called by what it waits for.
waits() { # SECONDS COMMAND...
	end=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -le "$end" ] || return 1
		sleep 0.1
	done
}

answered() {
	grep -q "^done-$ROUND" "$HERE/log"
}

# Types a line and waits for its end; what it said is in $HERE/answer.
types() { # LINE
	ROUND=$((ROUND + 1))
	printf '%s\n' "echo be''gun-$ROUND; $1; echo do''ne-$ROUND" >"$HERE/serial.in"
	waits 60 answered || fail "no answer to: $1"
	sed -n "/^begun-$ROUND/,/^done-$ROUND/p" "$HERE/log" | tr -d '\r' >"$HERE/answer"
}

monitor() { # LINE
	echo "$1" >"$HERE/monitor.in"
}

has_prompt() {
	grep -q '~ # ' "$HERE/log"
}

# The machine is stopped until the cables are as they should be.
guest() { # MACHINE WITHOUT-CABLE QEMU-WORDS...
	machine=$1
	cable=$2
	shift 2
	rm -f "$HERE/serial.in" "$HERE/serial.out" "$HERE/monitor.in" "$HERE/monitor.out"
	mkfifo "$HERE/serial.in" "$HERE/serial.out" "$HERE/monitor.in" "$HERE/monitor.out"
	: >"$HERE/log"
	cat "$HERE/serial.out" >"$HERE/log" &
	cat "$HERE/monitor.out" >"$HERE/monitor" &
	qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot -machine "$machine" -accel tcg -cpu max -m 256 \
		-S -serial "pipe:$HERE/serial" -monitor "pipe:$HERE/monitor" -kernel "$OUT/vmlinuz" \
		-initrd "$OUT"/initramfs.* -append 'console=ttyS0 panic=-1 no_timer_check' "$@" </dev/null &
	QEMU=$!
	for name in $cable; do
		monitor "set_link $name off"
	done
	monitor cont
	waits 60 has_prompt || fail "no prompt: $(tail -n 5 "$HERE/log" "$HERE/monitor")"
}

ended() {
	! kill -0 "$QEMU" 2>/dev/null
}

off() {
	echo poweroff >"$HERE/serial.in"
	waits 60 ended || fail "the guest does not go off"
	wait "$QEMU" || fail "the emulator ended with status $?"
	QEMU=
	wait
}


# The card with this address gets the lease within half a minute.
leased() { # MAC-END
	tries=30
	types "ip -4 addr; ip route"
	until grep -q 'inet 10.0.2.15/24' "$HERE/answer" && grep -q '^default via 10.0.2.2' "$HERE/answer"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "no lease: $(cat "$HERE/answer")"
		sleep 1
		types "ip -4 addr; ip route"
	done
	types "cat /sys/class/net/\$(ip route | sed -n 's/^default.* dev \([^ ]*\).*/\1/p')/address"
	grep -q "^52:54:00:00:00:$1" "$HERE/answer" || fail "the lease is on another card: $(cat "$HERE/answer")"
}

cards() { # of two models
	echo "-device e1000,netdev=a,mac=52:54:00:00:00:01,romfile=,addr=5"
	echo "-device virtio-net-pci,netdev=b,mac=52:54:00:00:00:02,romfile=,addr=6"
}

net() { # NAME
	echo "-netdev user,id=$1"
}

# shellcheck disable=SC2046 # words
{
	for model in e1000 virtio-net-pci; do
		guest q35 '' $(net a) -device $model,netdev=a,mac=52:54:00:00:00:01,romfile=
		leased 01
		off
	done
	guest q35 '' $(net a) $(net b) $(cards)
	# shellcheck disable=SC2016 # for the guest's shell
	types 'for p in /sys/class/net/*/device; do cat ${p%/device}/address; done'
	first=$(sed -n 's/^52:54:00:00:00:\(..\)$/\1/p' "$HERE/answer" | head -n 1)
	leased "$first"
	off
	# now the cable of that one is out
	case $first in
	01) out=a other=02 ;;
	*) out=b other=01 ;;
	esac
	guest q35 $out $(net a) $(net b) $(cards)
	leased $other
	off

	guest pc '' $(net a)
	types 'ip route'
	grep -q 'no network card so far' "$HERE/log" || fail "nothing is said of the missing card"
	monitor "device_add virtio-net-pci,netdev=a,mac=52:54:00:00:00:03,romfile="
	types 'while [ ! -e /sys/class/net/eth0 ]; do echo 1 >/sys/bus/pci/rescan; sleep 1; done'
	leased 03
	off
}
