# users of one's own: in the lists of accounts, with homes in a file system of their own and elsewhere, and keys
root           = disk
image          = disk
home-size      = 16
busybox-config = small
kernel-config  = tiny
users          = ann:1200:audio,project=2000 bob::project:/srv/bob git:500::/srv/git:/bin/ash
user-passwords = ann:$6$abcdefgh$v6jyS0MbYjZcAyDjKjMTPBGjFnGfxCPV7nPQuEIPOHbyLhNoCUt7Rk9LdU.HVRkA3ALcEnqPTwIBw4b7BCXnc/ bob:none
ssh            = dropbear
user-keys      = ann:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEChAyzgt7ZGrbFzMCgT8YJxYHGMbFiBtLCmV0ZGVm ann@host
    bob:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEChAyzgt7ZGrbFzMCgT8YJxYHGMbFiBtLCmV0ZGVm bob@host
