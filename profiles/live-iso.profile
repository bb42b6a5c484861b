# A live system for real machines: one image that starts from a CD and from a USB stick, with BIOS and with UEFI. Nothing on the
# machine's disks is touched. Changes stay in memory; the second entry of the boot menu keeps them on a partition with the label
# "persist" (mkfs.ext4 -L persist), or, with persist=LABEL=...:/file, in a file.
summary         = A live CD and stick for real machines
kernel-config   = pc
root            = live
image           = iso
hostname        = live-iso
