summary  = Services under runit: a shared one and one of the profile's own
hostname = runit
init     = runit
services = httpd ./clock.service
