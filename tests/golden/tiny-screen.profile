summary       = The smallest kernel on a disk that BIOS and UEFI start: an EFI program, with a screen
kernel        = 6.12.9
kernel-config = tiny
init          = script
root          = disk
network       = none
hostname      = golden
image         = disk
