# shellcheck shell=bash
# What scripts say: progress to stdout, one clear line to stderr when something is wrong.

die() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}

# step LABEL COMMAND…: says what happens and how long it took; the command's output is shown only where it fails.
step() {
  local label=$1 started=$SECONDS output
  shift
  printf '  %s … ' "$label"
  if output=$("$@" 2>&1); then
    printf '%d s\n' "$((SECONDS - started))"
  else
    printf 'failed\n'
    printf '%s\n' "$output" | tail -n "${LINES_OF_FAILURE:-25}" >&2
    return 1
  fi
}
