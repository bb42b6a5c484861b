#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each size of kernel can be configured for each architecture, with modules and without: the source's own olddefconfig grants what
# our fragments ask for. Nothing is compiled: the style ends behind the configuration, so that images cannot be made.
. tests/boot/common
mkdir -p "$HERE/data/share/styles"
sed '/^\[step build\]/,$d' share/styles/kconfig.style >"$HERE/data/share/styles/kconfig.style"
cat >>"$HERE/data/share/styles/kconfig.style" <<-'END'
	[step build]
	title = keep
	keep  = {build}/.config {stage}/config
END
BOOTSMITH_PATH=$HERE/data
export BOOTSMITH_PATH
sizes=$(sed -n '/^\[option kernel-config\]/,/^\[/s/^values *= *//p' share/options/20-kernel.options)
[ -n "$sizes" ] || fail "the sizes of kernels are not known"

for arch in share/arch/*.arch; do
	arch=$(basename "$arch" .arch)
	for size in $sizes; do
		for modules in no yes; do
			name=$arch-$size-$modules
			printf '%s\n' "arch = $arch" "kernel-config = $size" "kernel-modules = $modules" 'libc = host' 'image = initramfs' |
				profile "$name"
			smith build "$name" --json >"$HERE/events"
			status=$?
			[ $status = 3 ] || { cat "$HERE/events" && fail "$name: status $status, not that of images that cannot be made"; }
			grep -q '"event":"step-done","step":"linux.build","result":"\(ok\|cached\)"' "$HERE/events" ||
				{ grep '"step":"linux' "$HERE/events" && fail "$name cannot be configured"; }
			echo "$name: configured"
		done
	done
done
