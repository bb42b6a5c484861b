# Modules that packages bring beside the kernel's own: which needs which, and for which devices. BusyBox reads the text files, and
# so does kmod.
summary = the index of kernel modules
when    = kernel-modules=yes
below   = /lib/modules/*.ko /lib/modules/*.ko.*
reads   = /lib/modules
makes   = /lib/modules/*/modules.dep /lib/modules/*/modules.alias /lib/modules/*/modules.symbols /lib/modules/*/modules.softdep
    /lib/modules/*/modules.devname
tool    = depmod
each    = /lib/modules
run     = depmod -b {root} {name}
