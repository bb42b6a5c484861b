# A Linux on a flash drive that keeps what you change, for PCs with BIOS and with UEFI: "bootsmith write usb-stick" shows the
# sticks that are plugged in and writes it to one of them. When it starts there for the first time it takes all of the stick.
summary         = A Linux on a USB stick
kernel-config   = pc
root            = disk
image           = disk
grow            = yes
hostname        = usb-stick
