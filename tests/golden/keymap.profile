summary        = A keyboard layout, which the small BusyBox has to load
kernel-config  = tiny
busybox-config = small
network        = none
hostname       = golden
keymap         = fr
