# The same small system as a container: "podman load -i out/container/container.oci.tar" or "docker load", then
# "podman run -it localhost/container". The archive beside it is for chroot, a look inside, or programs that know no images
# ("zstd -dc out/container/container.tar.zst | docker import - container"; older docker does not read zstd by itself).
summary         = A system for containers
libc            = musl
image           = oci tar
network         = none
hostname        = container
