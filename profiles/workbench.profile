# A place to write programs: bash, git, vim, tmux, Python, and the manual pages of what is in it (git's own are made by tools that are
# not here). What you write stays on the disk; /home is a partition of its own. In the guest: "tmux", "man bash", "vim".
summary         = bash, git, vim, tmux and Python on a disk, with their manuals
libc            = musl
linkage         = dynamic
packages        = bash git less mandoc python3 tmux vim
manuals         = yes
root            = disk
image           = disk
home-size       = 64
hostname        = workbench
