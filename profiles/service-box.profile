# Programs that run as long as the system does: a web server for what lies in /srv/www, and the log. runit keeps them running;
# "sv status /etc/service/*" in the guest shows them, "sv restart httpd" starts one again.
summary         = Services kept running by runit
init            = runit
services        = httpd syslog klog
hostname        = service-box
