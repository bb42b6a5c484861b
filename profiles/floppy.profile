# The smallest of all: kernel and initramfs fit one 1.44 MB floppy together with a boot loader, and run in 20 MiB of memory.
# A shell, an editor and the file tools on a 32-bit PC, on the serial line and without a network.
summary         = A Linux for one floppy
arch            = i386
kernel-config   = tiny
libc            = musl
busybox-config  = small
init            = script
network         = none
hostname        = floppy
console         = ttyS0
compression     = xz
memory          = 20
