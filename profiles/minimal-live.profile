# What the tutorials of Minimal Linux Live build: the kernel's headers, glibc compiled against them, a BusyBox linked with its
# shared libraries, an address by DHCP and names that resolve. The C library takes some minutes the first time.
summary         = A system whose C library is built from source
libc            = glibc
linkage         = dynamic
hostname        = minimal-live
