# A disk whose boot loader is built from source, for both firmwares
summary = GRUB from source
image   = disk
grub    = 2.12
