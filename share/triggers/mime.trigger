summary = the kinds of files
below   = /usr/share/mime/packages/*.xml
makes   = /usr/share/mime
tool    = update-mime-database
run     = update-mime-database {root}/usr/share/mime
