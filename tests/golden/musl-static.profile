summary = A C library from source: the kernel's headers, musl with its fixes, a static BusyBox compiled with both
kernel   = 6.12.9
libc     = musl
hostname = golden
