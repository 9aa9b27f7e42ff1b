# shellcheck shell=bash
# What backup, restore and backup-verify share. Needs lib.sh.
#
# On a server they work on the shop of SHOP_DIR. With BACKUPS_OF=development, as scripts/backup and its neighbours set it,
# on the containers of `make up` in this folder, whose backups are in var/backups.

BACKUPS=$SHOP_DIR/backups
# Of the scripts that read this file.
# shellcheck disable=SC2034
DATABASE=hnm SCRATCH=hnm_restoring
KEY_OPTIONS=()
KEY_MOUNTS=()

if [[ ${BACKUPS_OF:-} == development ]]; then
  BACKUPS=$RELEASE_DIR/var/backups
  STATE=$RELEASE_DIR/var
  compose() { (cd "$RELEASE_DIR" && docker compose "$@"); }
  audit() { :; }
fi

# tool VERB ARGUMENT…: manage.py backup, in a container that ends with it.
tool() { tool_in backup "$@"; }

# The same where files are written.
tool_writing() { tool_in restore "$@"; }

tool_in() {
  local service=$1 options=()
  shift
  if [[ ${BACKUPS_OF:-} == development ]]; then
    service=web
    options=(--volume "$BACKUPS:/srv/backups" --env BACKUP_DIR=/srv/backups)
    local line
    while IFS= read -r line; do options+=(--env "$line"); done < <(settings_of_development)
  else
    # As the application, whose files these are; with our group, so that we may copy and delete what it writes.
    options=(--user "1000:$(id -g)")
  fi
  compose --progress quiet run --rm --no-deps -T "${options[@]}" ${KEY_MOUNTS[@]+"${KEY_MOUNTS[@]}"} "$service" \
    python manage.py backup "$@"
}

# A tar on stdin; what is there already stays.
unpack_into_backups() {
  compose --progress quiet run --rm --no-deps -T --user "1000:$(id -g)" backup \
    sh -c 'umask 007 && tar -xf - --skip-old-files --no-same-permissions -C /srv/backups'
}

settings_of_development() {
  { grep -sE '^BACKUP_[A-Z0-9_]+=' "$RELEASE_DIR/.env" || true; env | grep -E '^BACKUP_[A-Z0-9_]+=' || true; } |
    grep -v '^BACKUP_DIR='
}

# in_database VERB ARGUMENT…: in the container of the shop's database.
in_database() {
  compose exec -T db bash -c "$(<"$RELEASE_DIR/scripts/server/in-database.sh")" in-database "$@"
}

database_runs() {
  [[ -n $(compose ps --quiet --status running db 2>/dev/null) ]]
}

# take_key OPTION FILE: --passphrase-file or --identity, for a backup that the settings do not open.
take_key() {
  local file
  [[ -r ${2:-} ]] || die "$1 needs a file that can be read: ${2:-none was named}."
  # The tool is another user, with our group.
  [[ $(stat -c %A "$2") == ????r* ]] || die "$2 can be read by you alone: chmod 640 $2"
  file=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
  KEY_OPTIONS+=("$1" "/run/key${1//-/_}")
  KEY_MOUNTS+=(--volume "$file:/run/key${1//-/_}:ro")
}

# One backup at a time, and none while one is restored. The lock is the kernel's: it ends with the process.
take_backup_lock() {
  mkdir -p "$BACKUPS"
  exec 8>>"$STATE/backup.lock"
  [[ ${BACKUP_LOCK_HELD:-} == yes ]] || flock --wait 5 8 ||
    die 'another backup, restore or verification is at work: wait until it has ended.'
}

# free_bytes FOLDER
free_bytes() { df -B1 --output=avail "$1" | tail -n 1 | tr -d ' '; }

megabytes() { printf '%d MB' "$(($1 / 1000000 + 1))"; }

# keep_logs: the binary logs that MySQL has closed go to the shelf. They have a lock of their own: a verification may take an
# hour, in which the logs go on.
keep_logs() {
  mkdir -p "$BACKUPS"
  exec 7>>"$STATE/backup-logs.lock"
  flock --wait 600 7 || die 'binary logs are being kept for ten minutes already: look for a script that hangs.'
  local known
  mapfile -t known < <(tool known-logs </dev/null | grep .)
  in_database logs ${known[@]+"${known[@]}"} </dev/null | tool keep-logs
  exec 7>&-
}

# setting_of NAME [DEFAULT]: from the environment, else the shop's settings.
setting_of() {
  local found=${!1:-}
  if [[ -z $found ]]; then
    if [[ ${BACKUPS_OF:-} == development ]]; then found=$(value "$RELEASE_DIR/.env" "$1"); else found=$(configured "$1"); fi
  fi
  printf '%s\n' "${found:-${2:-}}"
}

# The other host that backups are copied to: at_target COMMAND, after open_target.
open_target() {
  local target
  target=$(setting_of BACKUP_SSH_TARGET)
  [[ $target == *:/* && $target != -* ]] || die "BACKUP_SSH_TARGET=$target is not user@host:/folder."
  SERVER=${target%%:/*} FOLDER=/${target#*:/}
  at_target "mkdir -p $(printf %q "$FOLDER")" </dev/null || refused 'the backup'
}

at_target() {
  local options=(-o BatchMode=yes -o ConnectTimeout=15)
  [[ -z $(setting_of BACKUP_SSH_CONFIG) ]] || options+=(-F "$(setting_of BACKUP_SSH_CONFIG)")
  # shellcheck disable=SC2029  # quoted already, for the shell there
  ssh "${options[@]}" "$SERVER" "$@"
}

refused() {
  die "$1 is whole and here, but could not be copied to $SERVER: see the line above. Can $(id -un) log in there without a password? ssh $SERVER"
}
