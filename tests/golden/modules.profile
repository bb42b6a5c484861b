summary        = Drivers as modules, one of them loaded by name
hostname       = modules
kernel-modules = yes
modules        = dummy tun
timezone       = Europe/Berlin
