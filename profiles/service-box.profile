# Programs that run as long as the system does: an SSH server, a web server for what lies in /srv/www, and the log. runit keeps
# them running; "sv status /etc/service/*" in the guest shows them, "sv restart httpd" starts one again.
#
# Nobody can log in yet: give your public key, "bootsmith set service-box ssh-key=~/.ssh/id_ed25519.pub" in a copy of this profile.
summary         = Services kept running by runit, and an SSH server
init            = runit
services        = httpd syslog klog
ssh             = dropbear
hostname        = service-box
