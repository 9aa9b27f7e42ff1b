# shellcheck shell=bash
# The lock of a shop, and what is run with it held: scripts/server/session says how. Needs lib/messages.sh, lib/remote.sh
# and an open connection.

# Who it is that changes the server, for the lock and for the log.
who() {
  local name
  name=$(git config user.name 2>/dev/null) || name=''
  printf '%s@%s%s\n' "$(id -un)" "$(hostname)" "${name:+ ($name)}"
}

# take_lock WHY: nobody else deploys from here on.
take_lock() {
  mkfifo "$CONNECTION/in" "$CONNECTION/out"
  "${SSH[@]}" -T "$SERVER" "$(quoted env SHOP_DIR="$SHOP_DIR" bash -c "$(<scripts/server/session)" session "$(who)" "$1")" \
    <"$CONNECTION/in" >"$CONNECTION/out" 2>&1 &
  exec 8>"$CONNECTION/in" 7<"$CONNECTION/out"
  local answer=''
  IFS= read -r answer <&7 || true
  case $answer in
    locked) ;;
    refused*"“"*) die "somebody is at work on $SERVER: ${answer#refused }
That lock ends with what holds it. If you are sure that it hangs: make unlock HOST=$HOST" ;;
    *) die "the lock could not be taken: ${answer#refused }" ;;
  esac
}

# run_locked VERB RELEASE ARGUMENT…: on the server, by itself; its words come back. Ends this script as it ended.
run_locked() {
  local line code=''
  quoted "$@" >&8
  printf '\n' >&8
  while IFS= read -r line <&7; do
    if [[ $line =~ ^exit\ ([0-9]+)$ ]]; then
      code=${BASH_REMATCH[1]}
    else
      printf '%s\n' "$line"
    fi
  done
  if [[ -z $code ]]; then
    die "the connection to $SERVER was lost, and what was begun goes on there by itself. How it ended:
  make status HOST=$HOST                  (“Last deploy”)
  make logs HOST=$HOST ARGS=--deploy      (all that it said)"
  fi
  exit "$code"
}
