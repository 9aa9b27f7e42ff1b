# shellcheck shell=bash
# How this project calls Docker Compose. Needs lib/messages.sh and lib/mode.sh, and the repository as the working
# directory.

# The containers of development run as whoever owns the code, so that they can read it. Root's run as the image's user.
if ((UID != 0)); then
  HOST_UID=${HOST_UID:-$UID}
  HOST_GID=${HOST_GID:-$(id -g)}
  export HOST_UID HOST_GID
fi

# Without a terminal, as in a pipe, Compose must not ask for one.
TERMINAL=()
[[ -t 0 && -t 1 ]] || TERMINAL=(-T)

# in_container OPTION… SERVICE COMMAND…: in the container that runs already.
in_container() {
  docker compose exec ${TERMINAL[@]+"${TERMINAL[@]}"} "$@"
}

# setting NAME DEFAULT: from the environment, else from .env, as Compose itself reads it.
setting() {
  local line
  [[ -z ${!1:-} ]] || {
    printf '%s\n' "${!1}"
    return
  }
  line=$(grep -sE "^$1=" .env | tail -n 1) || true
  printf '%s\n' "${line:+${line#*=}}" | grep . || printf '%s\n' "$2"
}
