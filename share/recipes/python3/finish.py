# SPDX-License-Identifier: GPL-2.0-or-later
# finish.py STAGE BUILD SYSROOT HOST CC: Python remembers how it was compiled, so that modules are compiled alike. None of that
# tells where: words with a folder of the build go, and the compiler is called cc. Then its library is compiled to bytecode that
# depends on no date.
import compileall
import glob
import os
import pprint
import py_compile
import re
import sys

stage, build, sysroot, host, compiler = sys.argv[1:]
lib = glob.glob(stage + "/usr/lib/python3.*")[0]
places = [build, sysroot, host, stage] + [word for word in compiler.split()[1:] if "/" in word]
place = re.compile(r"[^\s'\"]*(?:%s)[^\s'\"]*" % "|".join(map(re.escape, places)))


def placeless(value):
    return re.sub(" +", " ", place.sub("", value.replace(compiler, "cc"))) if isinstance(value, str) else value


for name in glob.glob(lib + "/_sysconfigdata_*.py"):
    if os.path.islink(name):
        continue
    facts = {}
    with open(name, encoding="utf-8") as file:
        exec(file.read(), facts)
    facts = {key: placeless(value) for key, value in facts["build_time_vars"].items()}
    with open(name, "w", encoding="utf-8") as file:
        file.write("# system configuration generated and used by the sysconfig module\nbuild_time_vars = ")
        pprint.pprint(facts, stream=file)

texts = (lib + "/config-*/Makefile", lib + "/config-*/python-config.py", stage + "/usr/bin/*-config")
for name in sum(map(glob.glob, texts), []):
    with open(name, encoding="utf-8") as file:
        text = file.read()
    with open(name, "w", encoding="utf-8") as file:
        file.write(place.sub("", text.replace(compiler, "cc")))

compileall.compile_dir(lib, quiet=1, stripdir=stage, force=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
