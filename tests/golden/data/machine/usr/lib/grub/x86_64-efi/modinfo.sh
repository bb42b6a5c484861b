grub/x86_64-efi/modinfo.sh of a machine
