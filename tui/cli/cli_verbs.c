/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of verbs with their flags: everything the command line can do. Help and the manual are made from it. */
#include "base/error.h"
#include "base/nearest.h"
#include "base/vec.h"
#include "cli/cli.h"
#include <stdint.h>
#include <string.h>

#define AT(field) offsetof(struct flags, field)
#define MANY	  SIZE_MAX
#define END                                      \
	{                                        \
		NULL, FLAG_YES, 0, NULL, NULL, 0 \
	}

const struct flag flags_global[] = {
	{"help", FLAG_YES, AT(help), NULL, "say what can be written here", 'h'},
	{"version", FLAG_YES, AT(version), NULL, "print the version", 'V'},
	{"plain", FLAG_YES, AT(plain), NULL, "line by line: no colour, no moving cursor", 0},
	{"color", FLAG_CHOICE, AT(color), "auto|always|never",
		"colour; auto: on a terminal unless NO_COLOR is set", 0},
	{"no-input", FLAG_YES, AT(no_input), NULL,
		"never ask; what would be asked must be given as a flag", 0},
	{"directory", FLAG_TEXT, AT(directory), "DIR", "work in this folder", 'C'},
	END,
};

#define JSON                                                                \
	{                                                                   \
		"json", FLAG_YES, AT(json), NULL,                           \
			"one JSON object a line on stdout, nothing else", 0 \
	}
#define OFFLINE                                                                            \
	{                                                                                  \
		"offline", FLAG_YES, AT(offline), NULL, "use only what is in the cache", 0 \
	}
#define OUTPUT                                                             \
	{                                                                  \
		"output", FLAG_TEXT, AT(output), "DIR",                    \
			"folder for the results (default: out/PROFILE)", 0 \
	}
#define JOBS                                                                             \
	{                                                                                \
		"jobs", FLAG_NUMBER, AT(jobs), "N", "compile so many files at once", 'j' \
	}
#define ACCEPT                                                                                 \
	{                                                                                      \
		"accept", FLAG_WORDS, AT(accept), "NAME",                                      \
			"take this archive although its hash is not known; may be repeated", 0 \
	}

#define HOW_MUCH                                                                               \
	{"quiet", FLAG_YES, AT(quiet), NULL, "say only what failed and what came of it", 'q'}, \
	{                                                                                      \
		"verbose", FLAG_YES, AT(verbose), NULL,                                        \
			"also show what each step's programs printed, when it has ended", 'v'  \
	}

static const struct flag flags_json[] = {JSON, END};
static const struct flag flags_attach[] = {
	JSON,
	HOW_MUCH,
	{"others", FLAG_YES, AT(others), NULL,
		"do not ask when the newest run is somebody else's, and you have none", 0},
	END,
};
static const struct flag flags_new[] = {
	{"from", FLAG_TEXT, AT(from), "PROFILE", "start with the choices of this profile", 0},
	{"force", FLAG_YES, AT(force), NULL, "overwrite a profile of this name", 0},
	END,
};
static const struct flag flags_show[] = {
	JSON,
	{"all", FLAG_YES, AT(all), NULL, "also the defaults, and where each value comes from", 0},
	END,
};
static const struct flag flags_versions[] = {
	JSON,
	OFFLINE,
	{"refresh", FLAG_YES, AT(refresh), NULL,
		"read the package indexes again, however new they are", 0},
	END,
};
static const struct flag flags_check[] = {JSON, OUTPUT, OFFLINE, ACCEPT, END};
static const struct flag flags_doctor[] = {
	JSON,
	{"install", FLAG_YES, AT(install), NULL,
		"run the install command; asks first on a terminal", 0},
	{"yes", FLAG_YES, AT(yes), NULL, "do not ask before installing", 'y'},
	END,
};
static const struct flag flags_plan[] = {
	JSON,
	{"dot", FLAG_YES, AT(dot), NULL, "the graph of steps for Graphviz", 0},
	OFFLINE,
	OUTPUT,
	ACCEPT,
	END,
};
static const struct flag flags_why[] = {OFFLINE, ACCEPT, END};
static const struct flag flags_lock[] = {
	JSON,
	{"update", FLAG_YES, AT(update), NULL,
		"take the newest versions that can be had, and say what changed", 0},
	OFFLINE,
	ACCEPT,
	END,
};
static const struct flag flags_fetch[] = {JSON, HOW_MUCH, OFFLINE, ACCEPT, END};
static const struct flag flags_build[] = {
	JSON,
	HOW_MUCH,
	JOBS,
	OUTPUT,
	OFFLINE,
	ACCEPT,
	{"check-cache", FLAG_YES, AT(check_cache), NULL,
		"compare every byte of what is taken from the cache with its record", 0},
	END,
};
static const struct flag flags_verify[] = {
	JSON,
	HOW_MUCH,
	{"images", FLAG_YES, AT(images), NULL,
		"write only the images again, from the same compiled parts: quick, and proves less",
		0},
	{"keep", FLAG_YES, AT(keep), NULL, "leave the second build where it was made", 0},
	JOBS,
	OUTPUT,
	OFFLINE,
	ACCEPT,
	END,
};
static const struct flag flags_boot[] = {
	JSON,
	HOW_MUCH,
	{"accel", FLAG_CHOICE, AT(accel), "auto|kvm|tcg",
		"how the guest is run; auto: KVM when a guest speaks, else emulation", 0},
	{"firmware", FLAG_CHOICE, AT(firmware), "auto|bios|uefi",
		"what starts the kernel; auto: what the image needs", 0},
	{"medium", FLAG_TEXT, AT(medium), "NAME",
		"what the firmware starts from, such as cd, usb or nvme (a wrong name lists them all), or kernel for none; auto: the first that the profile's images allow",
		0},
	{"grid", FLAG_YES, AT(grid), NULL,
		"one boot after the other by every firmware from every medium that the profile allows (or only those that --firmware and --medium say), and a table of them",
		0},
	{"memory", FLAG_NUMBER, AT(memory), "MIB", "memory of the guest (default: the profile's)",
		0},
	{"smallest-memory", FLAG_YES, AT(smallest_memory), NULL,
		"find the least memory that is enough for a passing verdict, and boot with it", 0},
	{"cpus", FLAG_TEXT, AT(cpus), "N", "processors of the guest (default: the profile's)", 0},
	{"cpu", FLAG_TEXT, AT(cpu), "MODEL",
		"the model of these processors, by its name in QEMU, perhaps with features: Nehalem, qemu64,-sse3 (default: the profile's)",
		0},
	{"cards", FLAG_TEXT, AT(cards), "N", "network cards of the guest (default: the profile's)",
		0},
	{"timeout", FLAG_NUMBER, AT(timeout), "S", "give up after so many seconds (default: 60)",
		0},
	{"disk", FLAG_WORDS, AT(disks), "FILE",
		"a further disk that the guest may write to; may be repeated", 0},
	{"forward", FLAG_WORDS, AT(forwards), "HOST:GUEST",
		"a TCP port of this machine (127.0.0.1 only) leads to one of the guest; may be repeated",
		0},
	{"bridge", FLAG_TEXT, AT(bridge), "NAME|new",
		"put the guest into the network of this bridge; new: make a bridge for this boot (as root), where this machine answers",
		0},
	{"gdb", FLAG_YES, AT(gdb), NULL,
		"the guest waits for a debugger; the command that attaches it is printed", 0},
	{"display", FLAG_CHOICE, AT(display), "none|auto|window|vnc",
		"show the guest's display: in a window, or to a VNC viewer at the address that is printed; auto: a window where there is a screen for it",
		0},
	{"screenshot", FLAG_TEXT, AT(screenshot), "FILE",
		"a picture (PNG) of the guest's display before it is switched off, or when it ended otherwise",
		0},
	{"append", FLAG_WORDS, AT(append), "WORDS",
		"further words for the kernel's command line; may be repeated", 0},
	{"interactive", FLAG_YES, AT(interactive), NULL,
		"after the verdict, type to the guest; Ctrl-] leaves", 'i'},
	JOBS,
	OUTPUT,
	OFFLINE,
	ACCEPT,
	END,
};
static const struct flag flags_write[] = {
	JSON,
	HOW_MUCH,
	{"list", FLAG_YES, AT(list), NULL, "only show the removable devices", 0},
	{"yes-erase", FLAG_TEXT, AT(yes_erase), "NAME",
		"do not ask: NAME is the device's name, model or serial number, exactly", 0},
	{"image", FLAG_TEXT, AT(image), "FORMAT",
		"which of the profile's images (default: the first that a device can hold)", 0},
	JOBS,
	OUTPUT,
	OFFLINE,
	ACCEPT,
	END,
};
static const struct flag flags_size[] = {
	JSON,
	{"top", FLAG_NUMBER, AT(top), "N", "so many packages and files (default: 10)", 0},
	OUTPUT,
	END,
};
static const struct flag flags_cache[] = {
	JSON,
	{"keep-sources", FLAG_YES, AT(keep_sources), NULL, "clean: leave the downloaded archives",
		0},
	{"older-than", FLAG_NUMBER, AT(older_than), "DAYS",
		"clean: only what was not used for so many days", 0},
	{"dry-run", FLAG_YES, AT(dry_run), NULL, "clean: only say what would be removed", 0},
	{"yes", FLAG_YES, AT(yes), NULL, "clean: do not ask before removing", 'y'},
	END,
};
static const struct flag flags_packages[] = {
	JSON,
	{"profile", FLAG_TEXT, AT(profile), "PROFILE",
		"with the choices of this profile: what is chosen, what that costs, its own recipes",
		0},
	END,
};
static const struct flag flags_recipe[] = {
	JSON,
	{"from", FLAG_TEXT, AT(from), "PACKAGE", "new: the source package, if its name is another",
		0},
	{"output", FLAG_TEXT, AT(output), "DIR",
		"new: the folder of recipes that gets it (default: recipes)", 0},
	{"online", FLAG_YES, AT(online), NULL,
		"check: also ask the origins whether they have what the recipe is made from", 0},
	END,
};
static const struct flag flags_none[] = {END};

const struct verb verbs[] = {
	{"new", "NAME [key=value ...]", "write a profile",
		"Without --from all choices have their defaults.",
		"bootsmith new small --from first-boot hostname=small\n"
		"bootsmith new mine kernel=6.1 network=none",
		flags_new, 1, MANY, NEEDS_CATALOG, verb_new, false},
	{"set", "PROFILE key=value ...", "change choices of a profile",
		"An impossible combination is refused with the reason, and nothing is written. "
		"`key=` goes back to the default. A list gets more words by `key+=words` and loses some by `key-=words`.",
		"bootsmith set small network=static address=10.0.2.15/24\n"
		"bootsmith set small image+=iso\n"
		"bootsmith set small network=",
		flags_none, 2, MANY, NEEDS_CATALOG, verb_set, false},
	{"show", "PROFILE", "the choices of a profile", NULL,
		"bootsmith show first-boot\nbootsmith show first-boot --all", flags_show, 1, 1,
		NEEDS_CATALOG | NEEDS_PAGER, verb_show, false},
	{"list", "", "the profiles there are, your own and the shipped ones", NULL,
		"bootsmith list", flags_json, 0, 0, NEEDS_CATALOG | NEEDS_PAGER, verb_list, false},
	{"options", "[NAME]", "every option: values, default, what it depends on, help", NULL,
		"bootsmith options\nbootsmith options kernel-config", flags_json, 0, 1,
		NEEDS_CATALOG | NEEDS_PAGER, verb_options, false},
	{"packages", "[WORD]",
		"the packages that can be chosen, what comes with them, what they cost",
		"WORD is a package, a group with its @, or words that are searched for. "
		"Sizes and times are measured ones; \"tried\" were built and booted, and their checks passed. "
		"`bootsmith set PROFILE packages+=NAME` adds one.",
		"bootsmith packages\nbootsmith packages editor\nbootsmith packages --profile mine",
		flags_packages, 0, 1, NEEDS_CATALOG | NEEDS_SETTINGS | NEEDS_PAGER, verb_packages,
		false},
	{"recipe", "new NAME | check [NAME | DIR ...]",
		"write a first recipe from a source package, or look over recipes",
		"`new` asks the origin debian for the source package and reads from it how it is built, what it needs and its licence; what only a person can know is in the recipe as a question. "
		"`check` builds nothing. It finds words that nothing reads, names that nobody has, circles of needs, licences that SPDX does not know, what is missing, and questions that are open (lines beginning with \"# ?\"): each with its line and what helps. "
		"NAME is a recipe; DIR is a folder with a recipe in it, or with folders of recipes. Hints do not count for the exit status.",
		"bootsmith recipe new bc\nbootsmith recipe check ./recipes --online", flags_recipe,
		1, MANY, NEEDS_CATALOG | NEEDS_SETTINGS, verb_recipe, false},
	{"versions", "COMPONENT", "the versions of a component that can be had, and from where",
		"\"tried\" marks versions that were built and booted with all checks passed, \"refused\" those that a tool of this machine cannot build; the lines below tell what is done for versions that need a cure. --json names the whole combinations.",
		"bootsmith versions linux\nbootsmith versions busybox --offline", flags_versions, 1,
		1, NEEDS_CATALOG | NEEDS_SETTINGS | NEEDS_PAGER, verb_versions, false},
	{"check", "PROFILE", "everything that can be known before building",
		"Values, versions, addresses, tools of this machine, disk space. "
		"The exit status tells the worst.",
		"bootsmith check first-boot", flags_check, 1, 1, NEEDS_CATALOG | NEEDS_SETTINGS,
		verb_check, false},
	{"doctor", "", "tools and libraries that this machine lacks, and how to get them", NULL,
		"bootsmith doctor\nbootsmith doctor --install", flags_doctor, 0, 0, NEEDS_PLACE,
		verb_doctor, false},
	{"plan", "PROFILE",
		"the steps of a build, which of them will run and why, and what they will cost",
		NULL,
		"bootsmith plan first-boot\nbootsmith plan first-boot --dot | dot -Tsvg > plan.svg",
		flags_plan, 1, 1, NEEDS_CATALOG | NEEDS_SETTINGS | NEEDS_PAGER, verb_plan, false},
	{"lock", "PROFILE", "write the exact versions and hashes beside the profile",
		"Every later plan, build and check of the profile takes just these; a choice that does not go with them is an error. "
		"The lock is a file NAME.lock beside the profile, or, for a shipped one, in the folder locks beside your own profiles: removing it unlocks.",
		"bootsmith lock first-boot\nbootsmith lock first-boot --update", flags_lock, 1, 1,
		NEEDS_CATALOG | NEEDS_SETTINGS, verb_lock, false},
	{"fetch", "PROFILE", "download and verify the sources only", NULL,
		"bootsmith fetch first-boot", flags_fetch, 1, 1, NEEDS_CATALOG | NEEDS_SETTINGS,
		verb_fetch, false},
	{"build", "PROFILE", "build a system; what is in the cache is not built again",
		"The builder is a process of its own: closing the terminal does not end it (`bootsmith attach` shows it again), Ctrl-C does.",
		"bootsmith build first-boot\n"
		"bootsmith build ./here.profile --jobs 4 --output /tmp/result",
		flags_build, 1, 1, NEEDS_CATALOG | NEEDS_SETTINGS, verb_build, false},
	{"attach", "[PROFILE]", "show a running build or boot again, or the last one",
		"In a terminal the screen shows it. "
		"With --plain or --json, Ctrl-C ends the build; closing the terminal does not.",
		"bootsmith attach", flags_attach, 0, 1, NEEDS_CATALOG | NEEDS_SETTINGS, verb_attach,
		false},
	{"boot", "PROFILE", "test boot with a verdict; builds first where needed",
		"A check that cannot be made on this machine is NOT TESTED, neither passed nor failed (in the verdict of --json it stands in the list untested).",
		"bootsmith boot first-boot\n"
		"bootsmith boot first-boot --interactive\n"
		"bootsmith boot first-boot --grid",
		flags_boot, 1, 1, NEEDS_CATALOG | NEEDS_SETTINGS, verb_boot, false},
	{"write", "PROFILE [DEVICE]",
		"write a stick or a card and read it back; builds first where needed",
		"Without DEVICE you choose from a list of the removable ones. "
		"What is on it is lost, so you are asked to type its name. "
		"Devices that are mounted, built in, read-only, too small or hold the running system are refused.",
		"bootsmith write --list\n"
		"bootsmith write mine\n"
		"bootsmith write mine /dev/sdb --yes-erase sdb",
		flags_write, 0, 2, NEEDS_CATALOG | NEEDS_SETTINGS, verb_write, false},
	{"verify", "PROFILE", "build again in a clean place, and compare every artifact",
		"The second build has a cache of its own with nothing but the archives, and another folder, user, host name, time zone, locale, umask, number of jobs and order of files, as far as this machine allows. "
		"A difference is told down to the file inside the artifact, with exit status 3.",
		"bootsmith verify first-boot\nbootsmith verify first-boot --images", flags_verify,
		1, 1, NEEDS_CATALOG | NEEDS_SETTINGS, verb_verify, false},
	{"size", "PROFILE", "what each file of the last build weighs, by part, package and file",
		"Files and packages weigh what they have before any compression; what is left of that stands beside it. "
		"`tables` is what a format adds: partition tables, file systems, headers.",
		"bootsmith size first-boot\nbootsmith size first-boot --top 30", flags_size, 1, 1,
		NEEDS_CATALOG | NEEDS_PAGER, verb_size, false},
	{"log", "PROFILE [STEP]", "the log of the last run, or of one of its steps", NULL,
		"bootsmith log first-boot\nbootsmith log first-boot linux.build", flags_none, 1, 2,
		NEEDS_PLACE | NEEDS_PAGER, verb_log, false},
	{"why", "PROFILE STEP", "why a step will run again: its inputs then and now", NULL,
		"bootsmith why first-boot linux.build", flags_why, 2, 2,
		NEEDS_CATALOG | NEEDS_SETTINGS | NEEDS_PAGER, verb_why, false},
	{"diff", "A B", "two profiles, choice by choice", NULL,
		"bootsmith diff first-boot simplest", flags_json, 2, 2, NEEDS_CATALOG | NEEDS_PAGER,
		verb_diff, false},
	{"cache", "[verify | clean]", "what the cache holds, whether it is intact, and its removal",
		"`clean` says what it would remove and asks; where nobody can be asked it needs --yes. "
		"What a running build uses stays.",
		"bootsmith cache\n"
		"bootsmith cache verify\n"
		"bootsmith cache clean --keep-sources --older-than 30",
		flags_cache, 0, 1, NEEDS_PLACE, verb_cache, false},
	{"help", "[VERB]", "what a verb does, with examples", NULL, "bootsmith help build",
		flags_none, 0, 1, NEEDS_PAGER, verb_help, false},
	{"manual", "PAGE", "print a manual page with the tables of this program filled in", NULL,
		"bootsmith manual bootsmith.1", flags_none, 1, 1, NEEDS_CATALOG, verb_manual, true},
	{NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL, false},
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *v = verbs; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

bool verb_unknown(const char *name, struct error *err)
{
	struct strings names = {0};
	const char *near;

	for (const struct verb *v = verbs; v->name; v++)
		if (!v->internal)
			vec_push(&names, v->name);
	near = conf_nearest(name, names.at, names.n);
	if (near)
		error_set(err, ERROR_USAGE, "unknown verb '%s'; did you mean `bootsmith %s`?", name,
			near);
	else
		error_set(err, ERROR_USAGE, "unknown verb '%s'; `bootsmith --help` lists the verbs",
			name);
	vec_release(&names);
	return false;
}
