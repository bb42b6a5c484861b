# A program in C++ with this machine's own C library: its C++ library comes along with it, and nothing is compiled for it.
summary  = A program in C++
libc     = host
linkage  = dynamic
packages = made-cxx
