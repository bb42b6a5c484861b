# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of bootsmith for fish. bootsmith.fish is made from bootsmith.fish.in and the program's table of verbs by `make man`.

function __bootsmith_words_before
    set -l tokens (commandline -opc)
    set -e tokens[1]
    string match -v -- '-*' $tokens
end

function __bootsmith_no_verb
    test (count (__bootsmith_words_before)) = 0
end

function __bootsmith_verb
    set -l before (__bootsmith_words_before)
    test (count $before) -gt 0; and test $before[1] = $argv[1]
end

function __bootsmith_ask
    bootsmith $argv --json 2>/dev/null | string replace -rf '^{"name":"([^"]*)".*' '$1'
end

# What may stand there, from what the verb's help calls it.
function __bootsmith_words
    set -l before (__bootsmith_words_before)
    if string match -q '*key=value*' $argv[1]; and test (count $before) -gt 1
        __bootsmith_ask options | string replace -r '$' '='
        for sign in '' + -
            __bootsmith_ask packages | string replace -r '^' "packages$sign="
        end
        return
    end
    switch $argv[1]
        case '*PROFILE*' 'A B'
            __bootsmith_ask list
            __fish_complete_suffix .profile
        case '\[NAME\]'
            __bootsmith_ask options
        case '*WORD*'
            __bootsmith_ask packages
        case '*verify*'
            printf '%s\n' verify clean
    end
end

complete -c bootsmith -f
complete -c bootsmith -l help -s h -d 'say what can be written here'
complete -c bootsmith -l version -s V -d 'print the version'
complete -c bootsmith -l plain -d 'line by line: no colour, no moving cursor'
complete -c bootsmith -l color -x -a 'auto always never' -d 'colour; auto: on a terminal unless NO_COLOR is set'
complete -c bootsmith -l no-input -d 'never ask; what would be asked must be given as a flag'
complete -c bootsmith -l directory -s C -r -F -d 'work in this folder'
complete -c bootsmith -n __bootsmith_no_verb -a new -d 'write a profile'
complete -c bootsmith -n '__bootsmith_verb new' -a '(__bootsmith_words "NAME [key=value ...]")'
complete -c bootsmith -n '__bootsmith_verb new' -l from -x -a '(__bootsmith_ask list)' -d 'start with the choices of this profile'
complete -c bootsmith -n '__bootsmith_verb new' -l force -d 'overwrite a profile of this name'
complete -c bootsmith -n __bootsmith_no_verb -a set -d 'change choices of a profile'
complete -c bootsmith -n '__bootsmith_verb set' -a '(__bootsmith_words "PROFILE key=value ...")'
complete -c bootsmith -n __bootsmith_no_verb -a show -d 'the choices of a profile'
complete -c bootsmith -n '__bootsmith_verb show' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb show' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb show' -l all -d 'also the defaults, and where each value comes from'
complete -c bootsmith -n __bootsmith_no_verb -a list -d 'the profiles there are, your own and the shipped ones'
complete -c bootsmith -n '__bootsmith_verb list' -a '(__bootsmith_words "")'
complete -c bootsmith -n '__bootsmith_verb list' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n __bootsmith_no_verb -a options -d 'every option: values, default, what it depends on, help'
complete -c bootsmith -n '__bootsmith_verb options' -a '(__bootsmith_words "[NAME]")'
complete -c bootsmith -n '__bootsmith_verb options' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n __bootsmith_no_verb -a packages -d 'the packages that can be chosen, what comes with them, what they cost'
complete -c bootsmith -n '__bootsmith_verb packages' -a '(__bootsmith_words "[WORD]")'
complete -c bootsmith -n '__bootsmith_verb packages' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb packages' -l profile -x -a '(__bootsmith_ask list)' -d 'with the choices of this profile: what is chosen, what that costs, its own recipes'
complete -c bootsmith -n __bootsmith_no_verb -a recipe -d 'write a first recipe from a source package, or look over recipes'
complete -c bootsmith -n '__bootsmith_verb recipe' -a '(__bootsmith_words "new NAME | check [NAME | DIR ...]")'
complete -c bootsmith -n '__bootsmith_verb recipe' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb recipe' -l from -x -d 'new: the source package, if its name is another'
complete -c bootsmith -n '__bootsmith_verb recipe' -l output -r -F -d 'new: the folder of recipes that gets it (default: recipes)'
complete -c bootsmith -n '__bootsmith_verb recipe' -l online -d 'check: also ask the origins whether they have what the recipe is made from'
complete -c bootsmith -n __bootsmith_no_verb -a versions -d 'the versions of a component that can be had, and from where'
complete -c bootsmith -n '__bootsmith_verb versions' -a '(__bootsmith_words "COMPONENT")'
complete -c bootsmith -n '__bootsmith_verb versions' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb versions' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb versions' -l refresh -d 'read the package indexes again, however new they are'
complete -c bootsmith -n __bootsmith_no_verb -a check -d 'everything that can be known before building'
complete -c bootsmith -n '__bootsmith_verb check' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb check' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb check' -l output -r -F -d 'folder for the results (default: out/PROFILE)'
complete -c bootsmith -n '__bootsmith_verb check' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb check' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a doctor -d 'tools and libraries that this machine lacks, and how to get them'
complete -c bootsmith -n '__bootsmith_verb doctor' -a '(__bootsmith_words "")'
complete -c bootsmith -n '__bootsmith_verb doctor' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb doctor' -l install -d 'run the install command; asks first on a terminal'
complete -c bootsmith -n '__bootsmith_verb doctor' -l yes -s y -d 'do not ask before installing'
complete -c bootsmith -n __bootsmith_no_verb -a plan -d 'the steps of a build, which of them will run and why, and what they will cost'
complete -c bootsmith -n '__bootsmith_verb plan' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb plan' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb plan' -l dot -d 'the graph of steps for Graphviz'
complete -c bootsmith -n '__bootsmith_verb plan' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb plan' -l output -r -F -d 'folder for the results (default: out/PROFILE)'
complete -c bootsmith -n '__bootsmith_verb plan' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a lock -d 'write the exact versions and hashes beside the profile'
complete -c bootsmith -n '__bootsmith_verb lock' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb lock' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb lock' -l update -d 'take the newest versions that can be had, and say what changed'
complete -c bootsmith -n '__bootsmith_verb lock' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb lock' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a fetch -d 'download and verify the sources only'
complete -c bootsmith -n '__bootsmith_verb fetch' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb fetch' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb fetch' -l quiet -s q -d 'say only what failed and what came of it'
complete -c bootsmith -n '__bootsmith_verb fetch' -l verbose -s v -d 'also show what each step'\''s programs printed, when it has ended'
complete -c bootsmith -n '__bootsmith_verb fetch' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb fetch' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a build -d 'build a system; what is in the cache is not built again'
complete -c bootsmith -n '__bootsmith_verb build' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb build' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb build' -l quiet -s q -d 'say only what failed and what came of it'
complete -c bootsmith -n '__bootsmith_verb build' -l verbose -s v -d 'also show what each step'\''s programs printed, when it has ended'
complete -c bootsmith -n '__bootsmith_verb build' -l jobs -s j -x -d 'compile so many files at once'
complete -c bootsmith -n '__bootsmith_verb build' -l output -r -F -d 'folder for the results (default: out/PROFILE)'
complete -c bootsmith -n '__bootsmith_verb build' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb build' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n '__bootsmith_verb build' -l check-cache -d 'compare every byte of what is taken from the cache with its record'
complete -c bootsmith -n __bootsmith_no_verb -a attach -d 'show a running build or boot again, or the last one'
complete -c bootsmith -n '__bootsmith_verb attach' -a '(__bootsmith_words "[PROFILE]")'
complete -c bootsmith -n '__bootsmith_verb attach' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb attach' -l quiet -s q -d 'say only what failed and what came of it'
complete -c bootsmith -n '__bootsmith_verb attach' -l verbose -s v -d 'also show what each step'\''s programs printed, when it has ended'
complete -c bootsmith -n '__bootsmith_verb attach' -l others -d 'do not ask when the newest run is somebody else'\''s, and you have none'
complete -c bootsmith -n __bootsmith_no_verb -a boot -d 'test boot with a verdict; builds first where needed'
complete -c bootsmith -n '__bootsmith_verb boot' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb boot' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb boot' -l quiet -s q -d 'say only what failed and what came of it'
complete -c bootsmith -n '__bootsmith_verb boot' -l verbose -s v -d 'also show what each step'\''s programs printed, when it has ended'
complete -c bootsmith -n '__bootsmith_verb boot' -l accel -x -a 'auto kvm tcg' -d 'how the guest is run; auto: KVM when a guest speaks, else emulation'
complete -c bootsmith -n '__bootsmith_verb boot' -l firmware -x -a 'auto bios uefi' -d 'what starts the kernel; auto: what the image needs'
complete -c bootsmith -n '__bootsmith_verb boot' -l medium -x -d 'what the firmware starts from, such as cd, usb or nvme (a wrong name lists them all), or kernel for none; auto: the first that the profile'\''s images allow'
complete -c bootsmith -n '__bootsmith_verb boot' -l grid -d 'one boot after the other by every firmware from every medium that the profile allows (or only those that --firmware and --medium say), and a table of them'
complete -c bootsmith -n '__bootsmith_verb boot' -l memory -x -d 'memory of the guest (default: the profile'\''s)'
complete -c bootsmith -n '__bootsmith_verb boot' -l smallest-memory -d 'find the least memory that is enough for a passing verdict, and boot with it'
complete -c bootsmith -n '__bootsmith_verb boot' -l cpus -x -d 'processors of the guest (default: the profile'\''s)'
complete -c bootsmith -n '__bootsmith_verb boot' -l cpu -x -d 'the model of these processors, by its name in QEMU, perhaps with features: Nehalem, qemu64,-sse3 (default: the profile'\''s)'
complete -c bootsmith -n '__bootsmith_verb boot' -l cards -x -d 'network cards of the guest (default: the profile'\''s)'
complete -c bootsmith -n '__bootsmith_verb boot' -l timeout -x -d 'give up after so many seconds (default: 60)'
complete -c bootsmith -n '__bootsmith_verb boot' -l disk -r -F -d 'a further disk that the guest may write to; may be repeated'
complete -c bootsmith -n '__bootsmith_verb boot' -l forward -x -d 'a TCP port of this machine (127.0.0.1 only) leads to one of the guest; may be repeated'
complete -c bootsmith -n '__bootsmith_verb boot' -l bridge -x -d 'put the guest into the network of this bridge; new: make a bridge for this boot (as root), where this machine answers'
complete -c bootsmith -n '__bootsmith_verb boot' -l gdb -d 'the guest waits for a debugger; the command that attaches it is printed'
complete -c bootsmith -n '__bootsmith_verb boot' -l display -x -a 'none auto window vnc' -d 'show the guest'\''s display: in a window, or to a VNC viewer at the address that is printed; auto: a window where there is a screen for it'
complete -c bootsmith -n '__bootsmith_verb boot' -l screenshot -r -F -d 'a picture (PNG) of the guest'\''s display before it is switched off, or when it ended otherwise'
complete -c bootsmith -n '__bootsmith_verb boot' -l append -x -d 'further words for the kernel'\''s command line; may be repeated'
complete -c bootsmith -n '__bootsmith_verb boot' -l interactive -s i -d 'after the verdict, type to the guest; Ctrl-] leaves'
complete -c bootsmith -n '__bootsmith_verb boot' -l jobs -s j -x -d 'compile so many files at once'
complete -c bootsmith -n '__bootsmith_verb boot' -l output -r -F -d 'folder for the results (default: out/PROFILE)'
complete -c bootsmith -n '__bootsmith_verb boot' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb boot' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a write -d 'write a stick or a card and read it back; builds first where needed'
complete -c bootsmith -n '__bootsmith_verb write' -a '(__bootsmith_words "PROFILE [DEVICE]")'
complete -c bootsmith -n '__bootsmith_verb write' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb write' -l quiet -s q -d 'say only what failed and what came of it'
complete -c bootsmith -n '__bootsmith_verb write' -l verbose -s v -d 'also show what each step'\''s programs printed, when it has ended'
complete -c bootsmith -n '__bootsmith_verb write' -l list -d 'only show the removable devices'
complete -c bootsmith -n '__bootsmith_verb write' -l yes-erase -x -d 'do not ask: NAME is the device'\''s name, model or serial number, exactly'
complete -c bootsmith -n '__bootsmith_verb write' -l image -x -d 'which of the profile'\''s images (default: the first that a device can hold)'
complete -c bootsmith -n '__bootsmith_verb write' -l jobs -s j -x -d 'compile so many files at once'
complete -c bootsmith -n '__bootsmith_verb write' -l output -r -F -d 'folder for the results (default: out/PROFILE)'
complete -c bootsmith -n '__bootsmith_verb write' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb write' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a verify -d 'build again in a clean place, and compare every artifact'
complete -c bootsmith -n '__bootsmith_verb verify' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb verify' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb verify' -l quiet -s q -d 'say only what failed and what came of it'
complete -c bootsmith -n '__bootsmith_verb verify' -l verbose -s v -d 'also show what each step'\''s programs printed, when it has ended'
complete -c bootsmith -n '__bootsmith_verb verify' -l images -d 'write only the images again, from the same compiled parts: quick, and proves less'
complete -c bootsmith -n '__bootsmith_verb verify' -l keep -d 'leave the second build where it was made'
complete -c bootsmith -n '__bootsmith_verb verify' -l jobs -s j -x -d 'compile so many files at once'
complete -c bootsmith -n '__bootsmith_verb verify' -l output -r -F -d 'folder for the results (default: out/PROFILE)'
complete -c bootsmith -n '__bootsmith_verb verify' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb verify' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a size -d 'what each file of the last build weighs, by part, package and file'
complete -c bootsmith -n '__bootsmith_verb size' -a '(__bootsmith_words "PROFILE")'
complete -c bootsmith -n '__bootsmith_verb size' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb size' -l top -x -d 'so many packages and files (default: 10)'
complete -c bootsmith -n '__bootsmith_verb size' -l output -r -F -d 'folder for the results (default: out/PROFILE)'
complete -c bootsmith -n __bootsmith_no_verb -a log -d 'the log of the last run, or of one of its steps'
complete -c bootsmith -n '__bootsmith_verb log' -a '(__bootsmith_words "PROFILE [STEP]")'
complete -c bootsmith -n __bootsmith_no_verb -a why -d 'why a step will run again: its inputs then and now'
complete -c bootsmith -n '__bootsmith_verb why' -a '(__bootsmith_words "PROFILE STEP")'
complete -c bootsmith -n '__bootsmith_verb why' -l offline -d 'use only what is in the cache'
complete -c bootsmith -n '__bootsmith_verb why' -l accept -x -d 'take this archive although its hash is not known; may be repeated'
complete -c bootsmith -n __bootsmith_no_verb -a diff -d 'two profiles, choice by choice'
complete -c bootsmith -n '__bootsmith_verb diff' -a '(__bootsmith_words "A B")'
complete -c bootsmith -n '__bootsmith_verb diff' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n __bootsmith_no_verb -a cache -d 'what the cache holds, whether it is intact, and its removal'
complete -c bootsmith -n '__bootsmith_verb cache' -a '(__bootsmith_words "[verify | clean]")'
complete -c bootsmith -n '__bootsmith_verb cache' -l json -d 'one JSON object a line on stdout, nothing else'
complete -c bootsmith -n '__bootsmith_verb cache' -l keep-sources -d 'clean: leave the downloaded archives'
complete -c bootsmith -n '__bootsmith_verb cache' -l older-than -x -d 'clean: only what was not used for so many days'
complete -c bootsmith -n '__bootsmith_verb cache' -l dry-run -d 'clean: only say what would be removed'
complete -c bootsmith -n '__bootsmith_verb cache' -l yes -s y -d 'clean: do not ask before removing'
complete -c bootsmith -n __bootsmith_no_verb -a help -d 'what a verb does, with examples'
complete -c bootsmith -n '__bootsmith_verb help' -a '(__bootsmith_words "[VERB]")'
