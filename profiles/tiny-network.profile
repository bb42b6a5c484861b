# A small system on the network with a fixed address: inittab, rcS, fstab, and an Intel e1000 card as QEMU has it.
# Write network = dhcp instead of the four lines below and it asks for its address.
summary         = A tiny Linux on the network
kernel          = 6.1
kernel-config   = tiny
network         = static
address         = 10.0.2.15/24
gateway         = 10.0.2.2
dns             = 10.0.2.3
hostname        = tiny-network
