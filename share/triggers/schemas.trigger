summary = the settings of programs that use GLib
below   = /usr/share/glib-2.0/schemas/*.xml /usr/share/glib-2.0/schemas/*.gschema.override
makes   = /usr/share/glib-2.0/schemas/gschemas.compiled
tool    = glib-compile-schemas
run     = glib-compile-schemas --strict {root}/usr/share/glib-2.0/schemas
