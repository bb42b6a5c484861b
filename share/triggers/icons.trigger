summary = the caches of icon themes
below   = /usr/share/icons/*/index.theme
reads   = /usr/share/icons
makes   = /usr/share/icons/*/icon-theme.cache
tool    = gtk-update-icon-cache
each    = /usr/share/icons
run     = gtk-update-icon-cache --quiet --force --ignore-theme-index {folder}
