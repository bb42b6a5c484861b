# cards beside the first one, and ways to other networks
network        = static
kernel-config  = tiny
busybox-config = small
libc           = musl
init           = script
network-card   = eth1
interfaces     = eth0:10.9.0.1/24 eth2:dhcp
routes         = 10.1.0.0/16 via 10.0.2.2 10.8.0.0/24 via 10.9.0.2 dev eth0
