# What the scripts of this folder share. Sourced, never run: it moves to the root of the tree and sets $root.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

# Compilations are shared between folders of the same tree (a second clone, another preset's headers).
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=1
export NINJA_STATUS=${NINJA_STATUS:-'[%f/%t, %es] '}

# Debian's own Python, which the packages that scripts/setup installs belong to, whatever other is in the path.
# shellcheck disable=SC2034 # used by who sources this
python=/usr/bin/python3

# One line for the person who waits.
say() { printf '%s\n' "$*" >&2; }

# One line that says what is wrong and what to do, and the end.
die() {
    say "${0##*/}: $*"
    exit 1
}

# Prints the comment at the top of a script: its manual.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

jobs_wanted() { printf '%s\n' "${HEARTH_JOBS:-$(nproc)}"; }

# configure PRESET [FOLDER [CMAKE-ARGUMENT]...]: only where nothing is configured yet, or the presets are newer.
configure() {
    local preset=$1 folder=${2:-build/$1}
    shift $(($# > 1 ? 2 : 1))
    [[ -f $folder/build.ninja && ! CMakePresets.json -nt $folder/build.ninja ]] && return
    say "configuring $folder (preset $preset)"
    local log
    if ! log=$(cmake --preset "$preset" -B "$folder" "$@" 2>&1); then
        printf '%s\n' "$log" >&2
        die "cmake could not configure $folder; see above"
    fi
}

# build_in FOLDER [TARGET]...: compiles, with ninja's progress on standard error.
build_in() {
    local folder=$1
    shift
    ninja -C "$folder" -j "$(jobs_wanted)" "$@" >&2
}
