#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The program of python3-host that builds and installs Python modules: its own reading of wheels, by backends made here. Programs
# get the system's Python, what is compiled with is the system's, nothing is written beside the stage, and the bytecode depends on
# no date.
. tests/fake/world
tool=$ROOT/share/recipes/python3-host/python-module
python=
for name in python3 python3.11 python3.12 python3.13; do
	"$name" -c 'import tomllib' 2>/dev/null && python=$name && break
done
[ "$python" ] || {
	echo "skipped: no Python with tomllib"
	exit 77
}

# A source whose backend, in its own tree, packs the files given as NAME=TEXT.
source_of() { # NAME MEMBER=TEXT...
	rm -rf "${WORLD:?}/$1"
	mkdir -p "$WORLD/$1/back"
	printf '[build-system]\nrequires = []\nbuild-backend = "maker:hooks.inner"\nbackend-path = ["back"]\n' >"$WORLD/$1/pyproject.toml"
	cat >"$WORLD/$1/back/maker.py" <<-'EOF'
		import os, sysconfig, zipfile
		class hooks:
		    class inner:
		        @staticmethod
		        def build_wheel(to):
		            with zipfile.ZipFile(to + "/made-1-py3-none-any.whl", "w") as wheel:
		                for line in open("members"):
		                    name, text = line.rstrip("\n").split("=", 1)
		                    wheel.writestr(name, text.replace("|", "\n"))
		                wheel.writestr("made/where", str(sysconfig.get_config_var("INCLUDEPY")) + "\n" + os.environ.get("CPPFLAGS", ""))
		            return "made-1-py3-none-any.whl"
	EOF
	name=$1
	shift
	printf '%s\n' "$@" >"$WORLD/$name/members"
}
make_module() { # NAME STAGE [SYSROOT]
	source=$WORLD/$1
	shift
	PYTHONDONTWRITEBYTECODE=1 PATH="$WORLD/tool/usr/bin:$PATH" "$python" "$tool" "$source" "$@" >"$WORLD/stdout" 2>"$WORLD/stderr"
}

source_of plain 'made/__init__.py=print("made")|' 'made-1.data/scripts/run-made=#!python|import made|' 'made-1.data/data/share/made/words=words|' \
	'made-1.dist-info/entry_points.txt=[console_scripts]|made = made.main:start.now|also = made:run [extra]|[gui_scripts]|gmade = made:gui|' \
	'../../outside=no' 'made-1.data/purelib/other.py=x = 1|'
mkdir -p "$WORLD/sysroot/usr/lib/python3.11"
echo 'build_time_vars = {"INCLUDEPY": "/usr/include/python3.11", "CONFINCLUDEPY": "/i", "LIBDIR": "/usr/lib", "LIBPL": "/l", "MULTIARCH": ""}' \
	>"$WORLD/sysroot/usr/lib/python3.11/_sysconfigdata__made.py"
make_module plain "$WORLD/stage" "$WORLD/sysroot" || fail "a module cannot be made"
site=$WORLD/stage/usr/lib/python3/dist-packages
for file in made/__init__.py other.py; do
	[ -f "$site/$file" ] || fail "modules are not where Python looks"
done
[ "$(head -n 1 "$WORLD/stage/usr/bin/run-made")" = '#!/usr/bin/python3' ] || fail "a script runs another Python"
[ -x "$WORLD/stage/usr/bin/run-made" ] || fail "a script cannot be run"
[ "$(cat "$WORLD/stage/usr/share/made/words")" = words ] || fail "data are not installed"
for name in made also gmade; do
	[ -x "$WORLD/stage/usr/bin/$name" ] || fail "there is no program $name"
done
grep -q '^sys.exit(start.now())$' "$WORLD/stage/usr/bin/made" || fail "a program calls $(cat "$WORLD/stage/usr/bin/made")"
[ -z "$(find "$WORLD" -name outside)" ] || fail "a wheel wrote outside of its folder"
grep -q "^$WORLD/sysroot/usr/include/python3.11" "$site/made/where" || fail "it is compiled with $(cat "$site/made/where")"
# the bytecode: not checked against the source, so that no date is in it
[ "$(find "$site" -name '*.pyc' -exec head -c 5 {} \; | tail -c 1 | od -An -tx1 | tr -d ' ')" = 01 ] || fail "bytecode depends on dates"
! grep -rq "$WORLD/stage" "$site" || fail "bytecode tells where it was made"
cp -a "$WORLD/stage" "$WORLD/first"
make_module plain "$WORLD/stage" "$WORLD/sysroot" || fail "a module cannot be made twice"
diff -r "$WORLD/first" "$WORLD/stage" || fail "made twice it is not the same"

# for this machine, what makes others: found beside the programs of tools
source_of tool 'maker2/__init__.py=def build_wheel(to):| import zipfile| zipfile.ZipFile(to + "/w.whl", "w").writestr("with.py", "y = 2")| return "w.whl"|'
make_module tool "$WORLD/tool" || fail "a backend cannot be made"
mkdir -p "$WORLD/user" "$WORLD/lost"
printf '[build-system]\nbuild-backend = "maker2"\n' >"$WORLD/user/pyproject.toml"
make_module user "$WORLD/used" || fail "a tool's backend is not found"
[ -f "$WORLD/used/usr/lib/python3/dist-packages/with.py" ] || fail "it did not build"
printf '[build-system]\nbuild-backend = "nobody.has"\n' >"$WORLD/lost/pyproject.toml"
make_module lost "$WORLD/none" && fail "a module without its backend is made"
grep -q "the module is built by nobody.has: .*; it has to be a tool of the recipe" "$WORLD/stderr" || fail "it does not say what is missing"
exit 0
