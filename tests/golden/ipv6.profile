summary = IPv6 in the smallest kernel
kernel-config = tiny
busybox-config = small
libc = musl
ipv6 = yes
hostname = six
