summary       = One file that UEFI starts, with the smallest kernel and no screen
kernel        = 6.12.9
kernel-config = tiny
console       = ttyS0
network       = none
hostname      = golden
image         = efi
