# The system to begin with: a shell in RAM with an address by DHCP. Everything it does not say is a default.
summary         = First boot
hostname        = first-boot
