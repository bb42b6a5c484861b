# The same small system as a container: "podman load -i out/container/container.oci.tar" or "docker load", then
# "podman run -it localhost/container". The archive beside it is for "docker import", chroot, or a look inside.
summary         = A system for containers
libc            = musl
image           = oci tar
network         = none
hostname        = container
