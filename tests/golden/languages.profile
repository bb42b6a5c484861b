# A module of Python, made by a tool of this machine.
summary  = Modules of languages
libc     = musl
linkage  = dynamic
packages = made-python
