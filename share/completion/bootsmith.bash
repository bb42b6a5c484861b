# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of bootsmith for bash. bootsmith.bash is made from bootsmith.bash.in and the program's table of verbs by `make man`.

_bootsmith_ask() { # VERB: the names that it lists
	"${COMP_WORDS[0]}" "$1" --json 2>/dev/null | sed -n 's/^{"name":"\([^"]*\)".*/\1/p'
}

_bootsmith_lists() { # the options that are lists
	"${COMP_WORDS[0]}" options --json 2>/dev/null | sed -n 's/^{"name":"\([^"]*\)","type":"\(list\|paths\)".*/\1/p'
}

_bootsmith() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local verbs global verb='' synopsis='' flags='' value='' choices='' i
	COMPREPLY=()
	verbs='new set show list options packages recipe versions check doctor plan lock fetch build attach boot write verify size log why diff cache help'
	global=' --help --version --plain --color --no-input --directory'
	# bash takes --flag=value for three words
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-C | --directory | --color) ((i++)) ;;
		-* | =) ;;
		*)
			verb=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	case $verb in
	new) synopsis='NAME [key=value ...]' flags=' --from --force' ;;
	set) synopsis='PROFILE key=value ...' flags='' ;;
	show) synopsis='PROFILE' flags=' --json --all' ;;
	list) synopsis='' flags=' --json' ;;
	options) synopsis='[NAME]' flags=' --json' ;;
	packages) synopsis='[WORD]' flags=' --json --profile' ;;
	recipe) synopsis='new NAME | check [NAME | DIR ...]' flags=' --json --from --output --online' ;;
	versions) synopsis='COMPONENT' flags=' --json --offline --refresh' ;;
	check) synopsis='PROFILE' flags=' --json --output --offline --accept' ;;
	doctor) synopsis='' flags=' --json --install --yes' ;;
	plan) synopsis='PROFILE' flags=' --json --dot --offline --output --accept' ;;
	lock) synopsis='PROFILE' flags=' --json --update --offline --accept' ;;
	fetch) synopsis='PROFILE' flags=' --json --quiet --verbose --offline --accept' ;;
	build) synopsis='PROFILE' flags=' --json --quiet --verbose --jobs --output --offline --accept --check-cache' ;;
	attach) synopsis='[PROFILE]' flags=' --json --quiet --verbose --others' ;;
	boot) synopsis='PROFILE' flags=' --json --quiet --verbose --accel --firmware --medium --grid --memory --smallest-memory --cpus --cpu --cards --timeout --disk --forward --bridge --gdb --display --screenshot --append --interactive --jobs --output --offline --accept' ;;
	write) synopsis='PROFILE [DEVICE]' flags=' --json --quiet --verbose --list --yes-erase --image --jobs --output --offline --accept' ;;
	verify) synopsis='PROFILE' flags=' --json --quiet --verbose --images --keep --jobs --output --offline --accept' ;;
	size) synopsis='PROFILE' flags=' --json --top --output' ;;
	log) synopsis='PROFILE [STEP]' flags='' ;;
	why) synopsis='PROFILE STEP' flags=' --offline --accept' ;;
	diff) synopsis='A B' flags=' --json' ;;
	cache) synopsis='[verify | clean]' flags=' --json --keep-sources --older-than --dry-run --yes' ;;
	help) synopsis='[VERB]' flags='' ;;
	esac
	case $prev in
	--color) value=words choices='auto always never' ;;
	--directory | -C) value=folder ;;
	--from) value=profile ;;
	--profile) value=profile ;;
	--output) value=folder ;;
	--accept) value=words ;;
	--jobs | -j) value=words ;;
	--accel) value=words choices='auto kvm tcg' ;;
	--firmware) value=words choices='auto bios uefi' ;;
	--medium) value=words ;;
	--memory) value=words ;;
	--cpus) value=words ;;
	--cpu) value=words ;;
	--cards) value=words ;;
	--timeout) value=words ;;
	--disk) value=file ;;
	--forward) value=words ;;
	--bridge) value=words ;;
	--display) value=words choices='none auto window vnc' ;;
	--screenshot) value=file ;;
	--append) value=words ;;
	--yes-erase) value=words ;;
	--image) value=words ;;
	--top) value=words ;;
	--older-than) value=words ;;
	esac
	case $value in
	folder) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	profile) mapfile -t COMPREPLY < <(compgen -W "$(_bootsmith_ask list)" -- "$cur") ;;
	file) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	words) mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur") ;;
	*)
		case $cur in
		-*) choices=$flags$global ;;
		*) choices=$(_bootsmith_words) ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur")
		;;
	esac
}

# What may stand at this place, from what the verb's help calls it; profiles may also be paths.
_bootsmith_words() {
	[[ -n $verb ]] || { echo "$verbs" && return; }
	case $synopsis in
	*key=value*)
		case $prev in
		packages | packages[-+]) _bootsmith_ask packages && return ;;
		esac
		if ((COMP_CWORD > i + 1)); then
			_bootsmith_ask options | sed 's/$/=/'
			_bootsmith_lists | sed 'h; s/$/+=/p; g; s/$/-=/'
			return
		fi
		;;&
	*PROFILE* | 'A B') _bootsmith_ask list && compgen -f -X '!*.profile' -- "$cur" ;;
	*VERB*) echo "$verbs" ;;
	*NAME*) [[ $verb != options ]] || _bootsmith_ask options ;;
	*WORD*) _bootsmith_ask packages ;;
	'['*' | '*']') tr -d '[]|' <<<"$synopsis" ;;
	esac
}

complete -o bashdefault -o default -F _bootsmith bootsmith ./bootsmith
