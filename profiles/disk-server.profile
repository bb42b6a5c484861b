# A server in a virtual machine: a disk with its own file system for the system and for /home, an address by DHCP, and an SSH server.
#
# Nobody can log in yet: give your public key, "bootsmith set disk-server ssh-key=~/.ssh/id_ed25519.pub" in a copy of this profile.
summary         = A server on a virtual disk
root            = disk
ssh             = dropbear
image           = disk qcow2
home-size       = 64
grow            = yes
hostname        = disk-server
