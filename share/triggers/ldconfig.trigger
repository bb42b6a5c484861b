# glibc finds libraries faster by a table, and those outside /lib and /usr/lib only so; musl knows none.
summary = the table of shared libraries
when    = libc=glibc|host, linkage=dynamic
below   = /lib/*.so.* /lib64/*.so.* /usr/lib/*.so.* /usr/local/lib/*.so.*
reads   = /etc/ld.so.conf /etc/ld.so.conf.d /lib/*.so /lib64/*.so /usr/lib/*.so /usr/local/lib/*.so
makes   = /etc/ld.so.cache
tool    = ldconfig
run     = ldconfig -X -i -r {root}
