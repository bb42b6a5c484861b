# What is needed is wanted, at any depth; what is only needed to build others gives them its shared libraries, and no programs. A finished package for its data.
summary  = Packages and what they need
libc     = musl
linkage  = dynamic
packages = made-program made-zones
