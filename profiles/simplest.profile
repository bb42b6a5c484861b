# The least that deserves the name: a kernel, one static BusyBox, one init script, a shell on the serial line.
# The root file system is not even compressed, so that you can look into it with cpio.
summary         = The simplest Linux
kernel-config   = tiny
init            = script
network         = none
hostname        = simplest
console         = ttyS0
compression     = none
