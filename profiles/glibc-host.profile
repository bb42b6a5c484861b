# The shortest way to a system with shared libraries: the programs get copies of this machine's own loader and C library, and
# of nothing else.
summary         = A system with this machine's shared libraries
linkage         = dynamic
hostname        = glibc-host
