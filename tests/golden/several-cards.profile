# cards beside the first one, what stands on cards, and ways to other networks
network        = static
kernel-config  = tiny
busybox-config = small
libc           = musl
init           = script
network-card   = br0
interfaces     = eth0:10.9.0.1/24 eth2:dhcp
vlans          = eth0.5:10.5.0.2/24 eth1.7
bridges        = br0:eth3,eth1.7
routes         = 10.1.0.0/16 via 10.0.2.2 10.8.0.0/24 via 10.9.0.2 dev eth0
