# A disk whose /home takes all of the medium at the first start, with the small BusyBox
summary = A disk that grows
root           = disk
image          = disk
busybox-config = small
home-size      = 16
grow           = yes
