# Terminals with the speed of their line: the kernel is told it, the shell's scripts have the name alone.
summary = Serial lines with their speed
console = ttyS0,115200n8 tty1
init    = runit
image   = iso
