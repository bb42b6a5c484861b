# What packages bring lies below /usr/share, what an overlay brings below /usr/local/share. The file that programs read has all.
summary = the certificates of authorities, as one file
below   = /usr/share/ca-certificates/*.crt /usr/local/share/ca-certificates/*.crt
makes   = /etc/ssl/certs/ca-certificates.crt
tool    = awk
run     = sh -c "
    cd \"$1\" && find usr/share/ca-certificates usr/local/share/ca-certificates -name '*.crt' 2>/dev/null | LC_ALL=C sort |
    while IFS= read -r file; do awk 1 \"$file\"; done >etc/ssl/certs/ca-certificates.crt" sh {root}
