# What the demonstrations have in common; to be sourced.
# shellcheck shell=bash

bold=
plain=
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    bold=$'\033[1m' plain=$'\033[0m'
fi

say() {
    printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

# Sockets want a short path: the system allows about 100 characters.
make_run_dir() {
    local base=/tmp
    if [[ -n ${XDG_RUNTIME_DIR:-} && -w ${XDG_RUNTIME_DIR:-} ]]; then
        base=$XDG_RUNTIME_DIR
    fi
    mktemp -d "$base/kf-demo.XXXXXX"
}

# last_lines LOG…: the end of each log that has any.
last_lines() {
    local log
    for log in "$@"; do
        if [[ -s $log ]]; then
            printf '\nLast lines of %s:\n' "$log" >&2
            tail -n 8 "$log" >&2
        fi
    done
}

# fact NAME FILE: from the file that `kf up` writes when it is ready.
fact() {
    sed -n "s/^$1=//p" "$2"
}

# ask PAGE PATH: what the board at http://127.0.0.1:PORT/ answers.
ask() {
    local port=${1##*:} connection status=0
    exec {connection}<>"/dev/tcp/127.0.0.1/${port%/}" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&"$connection"
    cat <&"$connection" || status=$?
    exec {connection}>&-
    return "$status"
}

# shows_all PAGE EDITION…: the board shows figures of every edition, and all that is on the topics.
shows_all() {
    local page=$1 catalogue edition
    shift
    catalogue=$(ask "$page" /api/catalogue 2>/dev/null) || return 1
    for edition in "$@"; do
        [[ $catalogue == *"\"id\":\"$edition\",\"known\":true"* ]] || return 1
    done
    [[ $(ask "$page" /api/status 2>/dev/null) == *'"behind":0,'* ]]
}

# True when somebody looks on, who may press Enter.
has_terminal() {
    [[ -t 0 && -t 1 ]]
}
