# shellcheck shell=bash
# The project's own virtual environment: which Python makes it, and what is installed in it.
# Needs lib/messages.sh, and the repository as the working directory.

VENV=${VENV:-.venv}
# The libraries are compiled when they are first imported. Where that is not kept, every start would do it anew.
unset PYTHONDONTWRITEBYTECODE

# Prints the Python to use: 3.11 or newer, with all it takes to make a virtual environment.
find_python() {
  local candidate path reason flaw=''
  for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    path=$(command -v "$candidate") || continue
    # A name can be on the PATH and still run nothing, as pyenv's do: only an answer counts.
    if reason=$("$path" scripts/lib/probe.py 2>/dev/null); then
      printf '%s\n' "$path"
      return
    fi
    flaw=${flaw:-${reason:+$candidate $reason}}
  done
  die "$(describe_missing_python "$flaw")"
}

describe_missing_python() {
  case $1 in
    *'no module ensurepip' | *'no module venv')
      printf '%s: install it with “apt install %s-venv”.' "$1" "${1%% *}"
      ;;
    *'no module'*)
      printf '%s: use a complete Python 3.11 or newer, as PYTHON=/path/to/python.' "$1"
      ;;
    *)
      printf 'Python 3.11 or newer is needed%s: install it (Debian, Ubuntu: apt install python3 python3-venv; ' "${1:+, and $1}"
      printf 'macOS: brew install python), or name one you have as PYTHON=/path/to/python3.12.'
      ;;
  esac
}

venv_works() {
  "$VENV/bin/python" scripts/lib/probe.py >/dev/null 2>&1
}

# The environment's Python where there is one: it starts faster than a search.
working_python() {
  if venv_works; then
    printf '%s\n' "$VENV/bin/python"
  else
    find_python
  fi
}

# ensure_venv SET: the virtual environment exists and holds requirements/SET.txt as it is now.
ensure_venv() {
  local set=$1 python
  if ! venv_works; then
    python=$(find_python)
    step "Making the virtual environment in $VENV" "$python" -m venv --clear "$VENV" || die "cannot make $VENV."
  fi
  is_installed "$set" || install_requirements "$set"
}

# The sets contain each other, and one lock run made them: whoever has the widest needs nothing again.
sets_containing() {
  case $1 in
    embedded) echo embedded test check ;;
    test) echo test check ;;
    *) echo "$1" ;;
  esac
}

is_installed() {
  local set
  for set in $(sets_containing "$1"); do
    cmp -s "requirements/$set.txt" "$VENV/installed/$set.txt" && return
  done
  return 1
}

install_requirements() {
  local set=$1
  # What is installed stays recorded only as long as nothing else is put over it.
  rm -rf "$VENV/installed"
  # Locked completely, so nothing needs resolving; and compiled when first imported, since few of the files ever are.
  step "Installing the libraries of requirements/$set.txt (once; half a minute or so)" \
    "$VENV/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --no-deps --no-compile \
    --only-binary :all: --require-hashes --requirement "requirements/$set.txt" ||
    die "the libraries could not be installed: see the lines above, then try again."
  mkdir -p "$VENV/installed"
  cp "requirements/$set.txt" "$VENV/installed/"
}
