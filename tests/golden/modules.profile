summary        = Drivers as modules, one of them loaded by name, and one from a source of its own
hostname       = modules
kernel-modules = yes
modules        = dummy tun
timezone       = Europe/Berlin
packages       = hello-module
