# shellcheck shell=bash
# How scripts reach a server. Needs lib/messages.sh, and the repository as the working directory.
#
#   HOST=[user@]name[:port]   which server, as the Makefile hands it on; a name of ~/.ssh/config will do
#   SSH_CONFIG=file           another file than ~/.ssh/config, as the tests have
#   SHOP_DIR=/srv/shop        where the shop is on it

SHOP_DIR=${SHOP_DIR:-/srv/shop}

# read_host [USER]: sets SERVER (user@name) and SSH, the command with its options. USER is who logs in if HOST names nobody.
read_host() {
  local name=${HOST:-} port=''
  [[ -n $name ]] || die 'say which server, as in HOST=shop.example.com'
  [[ $name != -* && $name != *[[:space:]]* ]] || die "HOST=$name is not the name of a server."
  # An IPv6 address has colons of its own: [2001:db8::1]:22
  if [[ $name =~ ^(.*\]|[^:]*):([0-9]+)$ ]]; then
    name=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}
  fi
  name=${name//[\[\]]/}
  [[ $name == *@* ]] || name=${1:-deploy}@$name
  SERVER=$name
  # Asks nothing, so that nothing hangs; a server that is new is remembered, one that has changed is refused.
  SSH=(ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=10 -o ServerAliveCountMax=3
    -o StrictHostKeyChecking=accept-new)
  [[ -z ${SSH_CONFIG:-} ]] || SSH+=(-F "$SSH_CONFIG")
  [[ -z $port ]] || SSH+=(-p "$port")
}

# open_connection [USER]: one connection that everything after it shares. It ends with the script.
open_connection() {
  read_host "$@"
  CONNECTION=$(mktemp -d "${TMPDIR:-/tmp}/shop.XXXXXX")
  trap close_connection EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  "${SSH[@]}" -o ControlMaster=yes -o ControlPersist=600 -o ControlPath="$CONNECTION/ssh" -n -N -f "$SERVER" \
    2>"$CONNECTION/error" || explain_no_connection
  SSH+=(-o ControlMaster=no -o ControlPath="$CONNECTION/ssh")
}

explain_no_connection() {
  cat "$CONNECTION/error" >&2
  case $(<"$CONNECTION/error") in
    *'Permission denied'*)
      die "$SERVER lets this key not in. On a server that is new: make server-setup HOST=root@${SERVER#*@}" ;;
    *'HOST IDENTIFICATION HAS CHANGED'*)
      die "$SERVER is another machine than before. If you made it anew: ssh-keygen -R ${SERVER#*@}" ;;
    *) die "$SERVER cannot be reached: see the line above, and try “ssh $SERVER”." ;;
  esac
}

close_connection() {
  [[ ! -s $CONNECTION/registry ]] || docker rm --force --volumes "$(<"$CONNECTION/registry")" >/dev/null 2>&1 || true
  "${SSH[@]}" -O exit "$SERVER" 2>/dev/null || true
  rm -rf "$CONNECTION"
}

# remote COMMAND: a line for the shell of the server.
remote() { "${SSH[@]}" "$SERVER" "$@"; }

# quoted WORD…: so that the server's shell reads the same words.
quoted() {
  local word
  for word in "$@"; do printf '%q ' "$word"; done
}

# remote_script FILE ARGUMENT…: runs a script of this repository that the server does not have yet.
remote_script() {
  local file=$1
  shift
  remote "$(quoted env SHOP_DIR="$SHOP_DIR" bash -s -- "$@")" <"$file"
}

# remote_verb VERB ARGUMENT…: what the release that serves can do, scripts/server/VERB of it.
remote_verb() {
  local verb=$1 release=$SHOP_DIR/current
  shift
  remote "test -d $(quoted "$release")" || die "nothing is deployed on $SERVER yet: make deploy HOST=${HOST:-}"
  # With a terminal where there is one here, for consoles and for Ctrl-C.
  local terminal=(-T)
  [[ ! -t 0 || ! -t 1 ]] || terminal=(-t)
  "${SSH[@]}" "${terminal[@]}" "$SERVER" "$(quoted env SHOP_DIR="$SHOP_DIR" "$release/scripts/server/$verb" "$@")"
}

# server_check: what scripts/server/check says of the server now.
server_check() {
  remote "$(quoted env SHOP_DIR="$SHOP_DIR" DOMAIN="${DOMAIN:-}" NOW="$(date +%s)" \
    ${MINIMUM_SHOP_MB:+MINIMUM_SHOP_MB="$MINIMUM_SHOP_MB"} ${MINIMUM_MB:+MINIMUM_MB="$MINIMUM_MB"} bash -s)" \
    <scripts/server/check
}
