# The text system of the smart-os notes: what smart-os-base has, with their tools (lsof, lshw, strace, lspci, OpenSSL), an SSH
# server, log-in with accounts, a packet filter (iptables), a kernel module of its own that says hello, and a second disk for data.
# It takes musl, the smaller C library.
#
# What the notes do and this does not: there is no password that everybody knows (root is locked, not "123456" as a hash of MD5),
# no terminal where whoever sits down is root, no key of the server, no name of the machine that is the same on every disk, and
# no address and name servers of somebody else's network. Every archive is verified, the kernel guards its stack,
# and nothing is done as root. The tables of accounts, and /, belong to root and can be written by root alone; of programs that
# act as somebody else there are two, su and passwd.
#
# Nobody can log in yet: give your public key, "bootsmith set smart-os ssh-key=~/.ssh/id_ed25519.pub" in a copy of this profile.
summary         = The text system of the smart-os notes: tools, OpenSSH, packet filter, log-in, a second disk
libc            = musl
linkage         = dynamic
root            = disk
image           = disk
partition-table = mbr
data-size       = 64
ssh             = openssh
kernel-modules  = yes
packages        = openssl shadow lsof lshw strace pciutils iptables hello-module
services        = syslog klog
hostname        = smart-os
