# A Linux on a flash drive that keeps what you change, for PCs with BIOS and with UEFI: "bootsmith write usb-stick" shows the
# sticks that are plugged in and writes it to one of them.
summary         = A Linux on a USB stick
kernel-config   = pc
root            = disk
image           = disk
hostname        = usb-stick
