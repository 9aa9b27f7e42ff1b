# shellcheck shell=bash
# Which of the two shops a command is for: “containers” where this folder's Compose stack runs, else “embedded”.
# MODE=embedded or MODE=containers says it outright. Needs lib/messages.sh, and the repository as the working directory.

mode() {
  case ${MODE:-} in
    embedded | containers) printf '%s\n' "$MODE" ;;
    '') if stack_runs; then echo containers; else echo embedded; fi ;;
    *) die "MODE=$MODE is neither “embedded” nor “containers”." ;;
  esac
}

stack_runs() {
  [[ -e docker-compose.yml ]] && command -v docker >/dev/null && [[ -n $(docker compose ps --quiet 2>/dev/null) ]]
}

# Containers need an engine and a Compose file: one line where either is missing.
require_containers() {
  [[ -e docker-compose.yml ]] || die "there is no docker-compose.yml here: use “make run”, which needs no containers."
  docker info >/dev/null 2>&1 || die "no Docker engine answers here: start it, or use “make run”, which needs none."
  docker compose version >/dev/null 2>&1 || die "Docker's Compose plugin is missing: install docker-compose-plugin."
}

# Where no container registry can be reached, ../shared/testbed gives the machine an engine and the base images.
start_testbed() {
  [[ ! -x ../shared/testbed/up ]] || ../shared/testbed/up
}
