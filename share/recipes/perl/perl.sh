#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# perl.sh before BUILD: instead of what Configure would take from this machine and this moment.
# perl.sh after BUILD STAGE SYSROOT CC [LOADER]: perl as it runs in the system, no places in what it knows of its making, and
# usr/lib/perl5/here, which runs it while modules are made.
set -e
if [ "$1" = before ]; then
	cat >"$2/config.over" <<'EOF'
cf_time=$(LC_ALL=C date -u -d "@${SOURCE_DATE_EPOCH:-0}")
cf_by=bootsmith
cf_email=root@localhost
perladmin=root@localhost
myhostname=localhost
mydomain=
myuname=linux
myarchname=$archname
osvers=
full_ar=ar
full_sed=sed
aphostname=hostname
lns='ln -s'
rm_try='rm -f try try a.out .out try.[cho] try..o core core.try* try.core*'
perl5=/usr/bin/perl
EOF
	exit
fi
build=$2
stage=$3
sysroot=$4
cc=$5
loader=${6-}
rm "$build/perl"
make -C "$build" CLDFLAGS= perl
for program in "$stage"/usr/bin/perl5*; do
	rm "$program" "$stage/usr/bin/perl"
	cp "$build/perl" "$program"
	ln "$program" "$stage/usr/bin/perl"
done
# headers have lost the sysroot's name already
bare=$(printf %s "$cc" | sed "s|$sysroot||g")
cd "$stage/usr"
grep -rlIF -e "$sysroot" -e "$build" -e "$bare" . | xargs -r sed -i -e "s|$cc|cc|g" -e "s|$bare|cc|g" -e 's|-Wl,--dynamic-linker=[^ '\''"]*||g' \
	-e 's|-Wl,--disable-new-dtags[^ '\''"]*||g' -e "s|-ffile-prefix-map=[^ '\"]*||g" -e "s|$sysroot||g" -e "s|$build|.|g"
cat >lib/perl5/here <<EOF
#!/bin/sh
# Runs the system's perl on the machine that builds the system: this file lies in a sysroot.
root=\${0%/usr/lib/perl5/here}
lib=\$root/usr/lib/perl5
share=\$root/usr/share/perl5
export PERL_HERE="\$0" PERL5OPT=-Mhere
export PERL5LIB="\$lib/build:\$share/vendor_perl:\$lib/vendor_perl:\$share/core_perl:\$lib/core_perl"
exec ${loader:+"\$root$loader" --library-path "\$root/usr/lib:\$root/lib"} "\$root/usr/bin/perl" "\$@"
EOF
chmod 755 lib/perl5/here
mkdir lib/perl5/build
cat >lib/perl5/build/here.pm <<'EOF'
# Modules are compiled as the environment says, with what is in the sysroot.
package here;
use Config;
$^X = $ENV{PERL_HERE};
my ($root) = $^X =~ m{^(.*)/usr/lib/perl5/here$};
my $facts = tied %Config;
$facts->{$_} = $root . $Config{$_} for qw(archlibexp privlibexp);
@$facts{qw(cc ld)} = ($ENV{CC}) x 2 if $ENV{CC};
$facts->{optimize} = $ENV{CFLAGS} if $ENV{CFLAGS};
1;
EOF
