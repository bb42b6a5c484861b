#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The test machine has the card and the disk that the finished kernel drives, by its configuration in the cache; where there is
# none, what needs it is not tested, with the reason, and `check` says so before a build. What is asked of the machine in the
# profile or by a flag is what it gets. (Mutations: the first card whatever the kernel has, a module where none is loaded, the
# profile's number instead of the flag's.)
. tests/fake/world
world_make
guest_make
cat >>"$WORLD/data/share/machines/x86_64.machine" <<-'END'
	nic = usual
	configuration = config
	ask-cpus = --cpus-known yes
	ask-devices = --devices-known yes
	cpu-pattern = ^  ([a-z0-9]+)
	card-module[kernel-modules=yes] = yes
	root[root=disk] = slab
	arg = --nic {nic} --smp {cpus} --cpu {cpu} --disk {disk-device}
	card = --another {card-number}
	forebode[card=none, network!=none] = no card, it would need {cards-lack}
	forebode[smp=no, cpus!=1] = one of {cpus} processors
	[card fast]
	needs = PCI FASTNET|FASTNET2
	[card new]
	needs = NEWNET
	ask = yes
	[card slow]
	needs = SLOWNET
	[disk plain]
	needs = PLAINDISK
	[disk odd]
	needs = ODDDISK
	device = odd,bus=0
	arg = --controller yes
	[ability smp]
	needs = SMP
END
guest() { # FRAGMENT-LINES [CHOICES...]
	printf '%b' "$1" >"$WORLD/fragment"
	shift
	{
		printf 'kernel = 9.8\nkernel-config = tiny\nhostname = fake\ninit = script\nimage = initramfs slab\n'
		printf 'kernel-fragment = %s/fragment\n' "$WORLD"
		printf '%s\n' "$@"
	} | profile guest
}

gives() { # WORDS [FLAGS...]: the emulator's command line has them
	words=$1
	shift
	smith boot guest --json --accel tcg "$@" >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
	started=$(grep boot-start "$(find "$WORLD/cache/run" -name events | sort | tail -n 1)")
	echo "$started" | grep -qF -e "$words " -e "$words\"" || fail "not $words in: $started"
}
scenario pass

guest 'CONFIG_SLOWNET=y\nCONFIG_FASTNET2=y\n' 'network = none' 'cpus = 3'
expect 0 check guest --plain --offline
says stdout 'one of 3 processors'
gives '--nic fast --smp 3 --cpu auto --disk plain'
gives '--smp 5 --cpu auto --disk plain --another 2 --another 3' --cpus 5 --cards 3
gives '--cpu second,+sse' --cpu second,+sse
guest 'CONFIG_SLOWNET=m\nCONFIG_NEWNET=y\nCONFIG_SMP=y\n' 'network = none' 'cards = 2'
expect 0 check guest --plain --offline
grep -q '^hint  boot' "$WORLD/stdout" && fail "check foresees what is not"
gives '--nic usual --smp 1'
guest 'CONFIG_SLOWNET=y\nCONFIG_ODDDISK=y\n' 'network = none'
truncate -s 1M "$WORLD/disk"
gives '--controller yes' --disk "$WORLD/disk"
gives '--nic slow --smp 1 --cpu auto --disk odd,bus=0'

# None: the network is not tested.
guest 'CONFIG_MODULES=y\nCONFIG_SLOWNET=m\n' 'network = dhcp'
expect 0 check guest --plain --offline
says stdout 'no card, it would need CONFIG_FASTNET (fast), or CONFIG_SLOWNET (slow)'
expect 0 boot guest --plain --accel tcg
says stdout 'check network: NOT TESTED, the kernel has no driver for any network card of the test machine'
says stdout 'check fetch: NOT TESTED'
expect 2 boot guest --plain --accel tcg --disk "$WORLD/disk"
says stderr 'would not see it; it needs CONFIG_PLAINDISK (plain), or CONFIG_ODDDISK (odd)'
guest 'CONFIG_MODULES=y\nCONFIG_SLOWNET=m\n' 'network = dhcp' 'root = disk'
expect 2 boot guest --plain --accel tcg
says stderr 'would not find its root; it needs CONFIG_PLAINDISK (plain), or CONFIG_ODDDISK (odd)'

# Wishes that cannot be met are refused before anything is built.
for wish in "--cpus 0" "--cpus 256" "--cpus two" "--cards 9" "--cpu third" "--cpu a/b" "--smp 2"; do
	# shellcheck disable=SC2086 # two words
	expect 2 boot guest --plain $wish
done
expect 2 boot guest --plain --cpu secnod
says stderr "did you mean 'second'?"
expect 6 set guest cpus=0
expect 0 set guest cpu=secnod
expect 0 check guest --plain --offline
says stdout "did you mean 'second'?"
nobody_left
