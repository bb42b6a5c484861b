# A machine with an address of its own, as a server or a lab exercise has. The four values below fit QEMU's user network; for your
# network write its own: an address that is free, with the length of the network's prefix, the router, and the name servers.
summary         = A fixed network address
network         = static
address         = 10.0.2.15/24
gateway         = 10.0.2.2
dns             = 10.0.2.3
hostname        = static-address
