summary = A read-only root with changes over it, without compression
kernel        = 6.12.9
kernel-config = vm
init          = script
root          = live
network       = none
hostname      = golden
compression   = none
