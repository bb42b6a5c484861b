grub/i386-pc/modinfo.sh of a machine
