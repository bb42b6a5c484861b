# Modules of Python and Perl: made by a tool of this machine, or by the system's own program from the sysroot.
summary  = Modules of languages
libc     = musl
linkage  = dynamic
packages = made-python made-perl
