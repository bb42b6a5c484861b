#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Log-in over the network: by the key and by the password that the profile says, from a program outside the guest's network; the
# server under each init, with each kind of C library; and the consoles ask who is there.
. tests/boot/common
command -v script >/dev/null || { echo "script (of util-linux) is not installed"; exit 77; }
command -v ssh-keygen >/dev/null || { echo "ssh-keygen is not installed"; exit 77; }
ssh-keygen -q -t ed25519 -N '' -C 'somebody of the test' -f "$HERE/id" || fail "no key could be made"

printf 'hostname = by-key\nssh = dropbear\ninit = script\nlibc = musl\nbusybox-config = small\n' | profile by-key
smith set by-key "ssh-key=$HERE/id.pub" || fail "the key's file was not taken"
smith show by-key | grep -q 'ssh-ed25519 .* somebody of the test' || fail "the profile does not hold the key's line"
# the password is "sesame"
cat <<'END' | profile by-password
hostname = by-password
ssh = dropbear
linkage = dynamic
root-password = $6$saltsalt$g3uPFdehVnKoLXdidvSAg1zlVgYomPr0X/xgdXSBn2LuxZUOGgYW4IULZkguZ77fzYteIur49AGHmF9iek6Sf1
END

# Starts a guest that stays, and waits until it can be reached; its port goes to $port.
stays() { # PROFILE
	mkfifo "$HERE/keys.$1"
	(cd "$HERE" && exec env -u TMPDIR HOME="$HERE" XDG_CONFIG_HOME="$HERE/config" XDG_STATE_HOME="$HERE/state" \
		XDG_CACHE_HOME="$HERE/xdg" script -qefc "'$BOOTSMITH' boot $1 --interactive --plain" /dev/null \
		<"$HERE/keys.$1") >"$HERE/stays" 2>&1 &
	guest=$!
	exec 5>"$HERE/keys.$1"
	for _ in $(seq 600); do
		port=$(sed -n 's/.*from another terminal: ssh .*-p \([0-9]*\) .*/\1/p' "$HERE/stays")
		[ -n "$port" ] && return 0
		kill -0 $guest || break
		sleep 0.2
	done
	cat "$HERE/stays"
	fail "$1 cannot be reached"
}

leaves() {
	exec 5>&-
	kill $guest 2>/dev/null
	wait $guest
}

login() { # WORDS OF SSH...
	ssh -F none -p "$port" -o NoHostAuthenticationForLocalhost=yes -o ConnectTimeout=20 "$@" root@localhost \
		'hostname; tty; id -un' 2>&1
}

built by-key
booted 0 by-key
checked kernel libc init network ssh-closed ssh poweroff
stays by-key
login -o BatchMode=yes -i "$HERE/id" | tee "$HERE/said"
grep -q '^by-key$' "$HERE/said" || fail "the key of the profile lets nobody in"
login -o BatchMode=yes -o PubkeyAuthentication=no | grep -q 'Permission denied (publickey)' ||
	fail "without the key somebody gets in, or a password is asked for"
leaves

built by-password
booted 0 by-password
checked libc init network ssh-closed ssh poweroff
stays by-password
cat >"$HERE/askpass" <<'END'
#!/bin/sh
echo "$ANSWER"
END
chmod +x "$HERE/askpass"
SSH_ASKPASS=$HERE/askpass SSH_ASKPASS_REQUIRE=force
export SSH_ASKPASS SSH_ASKPASS_REQUIRE
ANSWER=sesame login -o PubkeyAuthentication=no | tee "$HERE/said"
grep -q '^by-password$' "$HERE/said" || fail "the password of the profile lets nobody in"
for wrong in '' open; do
	ANSWER=$wrong login -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 | grep -q 'Permission denied' ||
		fail "a wrong password lets somebody in"
done
leaves
