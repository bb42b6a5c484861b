# Kernel, system and command line in one file that UEFI starts: copy it to \EFI\BOOT\BOOTX64.EFI of a FAT file system, name it to
# efibootmgr, or put it into \EFI\Linux, where systemd-boot finds it.
summary         = One file for UEFI
libc            = musl
image           = efi
hostname        = one-file
