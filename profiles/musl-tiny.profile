# The smallest system with a network: kernel and initramfs are below two megabytes. The shell waits on the serial line.
summary         = The smallest Linux with a network
kernel-config   = tiny
libc            = musl
busybox-config  = small
hostname        = musl-tiny
console         = ttyS0
compression     = xz
