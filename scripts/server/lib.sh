# shellcheck shell=bash
# What the scripts of a server share. They find themselves: a release is the folder two levels above this one, and the
# shop the one above releases/. Nothing here needs root.

RELEASE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
SHOP_DIR=${SHOP_DIR:-/srv/shop}
STATE=$SHOP_DIR/state
COMPOSE=$RELEASE_DIR/scripts/server/compose
# shellcheck source=scripts/lib/messages.sh
. "$RELEASE_DIR/scripts/lib/messages.sh"

say() { printf '%s\n' "$*"; }
note() { printf '  %s\n' "$*"; }

# usage: the comment at the top of a script.
usage() {
  sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p;}' "$0"
  exit
}

now() { date -u '+%Y-%m-%dT%H:%M:%SZ'; }

# audit TEXT: one line for ever, of who did what.
audit() {
  printf '%s %s %s\n' "$(now)" "${SHOP_WHO:-$(id -un)@$(hostname)}" "$*" >>"$STATE/audit.log"
}

# put FILE: standard input becomes the file's content, all of it or none.
put() {
  local new
  new=$(mktemp "$1.XXXXXX")
  cat >"$new"
  chmod 644 "$new"
  mv -f "$new" "$1"
}

# value FILE NAME: of a file with lines NAME=value; empty where it is not there. The last line counts.
value() {
  local line
  line=$(grep -sE "^$2=" "$1" | tail -n 1) || true
  line=${line#*=}
  line=${line#[\"\']}
  printf '%s\n' "${line%[\"\']}"
}

configured() { value "$SHOP_DIR/config/env" "$1"; }
serving_release() { basename "$(readlink "$SHOP_DIR/current" || true)"; }
serving_colour() { cat "$STATE/colour" 2>/dev/null || true; }
other_colour() { if [[ $1 == blue ]]; then echo green; else echo blue; fi; }
compose() { "$COMPOSE" "$@"; }
# compose_of RELEASE ARGUMENT…: with another release's file and image.
compose_of() {
  local release=$1
  shift
  "$SHOP_DIR/releases/$release/scripts/server/compose" "$@"
}
