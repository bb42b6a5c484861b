# The system that the smart-os notes build by hand: a disk with a partition table of the older kind and GRUB, an initramfs that
# finds the root file system and switches to it, the GNU C library compiled from source, and a console on the serial line.
#
# Whoever sits at a console is root; "root-password" makes it ask (the screen turns a password into the hash that is kept).
summary         = The disk of the smart-os notes, made without root
libc            = glibc
linkage         = dynamic
root            = disk
image           = disk
partition-table = mbr
hostname        = smart-os-base
