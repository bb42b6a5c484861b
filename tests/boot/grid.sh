#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Media and extras of test boots, on first-boot's kernel: a small grid, a picture of the display. (The whole grid takes minutes:
# bootsmith boot PROFILE --grid.)
. tests/boot/common
for tool in grub-mkimage xorriso mcopy mkfs.fat; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done

printf 'image = iso disk\nhostname = card\nboot-timeout = 0\n' | profile card
built card

smith boot card --accel tcg --grid --medium nvme --timeout 180 --json >"$HERE/grid.json" || {
	cat "$HERE/grid.json"
	fail "the grid ended with status $?"
}
"$BIN/lib/jsonlines" boot <"$HERE/grid.json" || fail "the JSON lines are not what the contract says"
for firmware in bios uefi; do
	grep '"event":"verdict","verdict":"pass"' "$HERE/grid.json" | grep "\"firmware\":\"$firmware\"" |
		grep -q '"medium":"nvme","file":"card.img"' || fail "$firmware did not start the NVMe disk"
done
grep -q '"passed": 2' "$HERE/out/card/grid.json" || fail "grid.json does not tell that both passed"

booted 0 card --accel tcg --firmware bios --medium usb --timeout 180 --screenshot "$HERE/picture.png"
grep -q '"medium":"usb"' "$HERE/verdict" || fail "it was not started from USB"
[ "$(head -c 4 "$HERE/picture.png" | tail -c 3)" = PNG ] || fail "there is no picture of the display"

# a card has a power of two as its size, which the image has not
booted 0 card --accel tcg --firmware bios --medium sd --timeout 180
grep -q '"medium":"sd"' "$HERE/verdict" || fail "it was not started from an SD card"
