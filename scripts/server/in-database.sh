#!/usr/bin/env bash
# Usage: in-database.sh dump|describe|load|logs|tables|swap|drop ARGUMENT…
# What backups do with MySQL. scripts/server/backups.sh hands this text to a bash in the database's container, as root
# of MySQL over its socket: nobody else may lock, read logs or make databases there.
#   dump DATABASE             the dump, with what it says of itself at its end, on stdout
#   describe DATABASE         that description alone, of a database that nobody writes to
#   load DATABASE             makes the database, and fills it with the SQL on stdin
#   apply DATABASE            the SQL on stdin, without noting it in the binary log
#   logs KNOWN…               closes the binary log, rotates that of slow statements, and sends those that are not known (server/name)
#   tables DATABASE           how many tables it has
#   size DATABASE             how many bytes it takes, and how many are free for more
#   swap FROM DATABASE        puts the tables of FROM in the place of all those of DATABASE, at once
#   drop DATABASE
set -Eeuo pipefail

main() {
  # Without a password there is only the scratch server of a verification.
  MYSQL_PWD=${MYSQL_ROOT_PASSWORD:-}
  [[ ! -r /run/secrets/mysql_root_password ]] || MYSQL_PWD=$(</run/secrets/mysql_root_password)
  export MYSQL_PWD TZ=UTC
  local verb=$1
  shift
  "$verb" "$@"
}

client() {
  mysql --user=root --batch --skip-column-names --default-character-set=utf8mb4 "$@"
}

# One session holds everybody off for some milliseconds, in which it and mysqldump each take their snapshot: both see the
# same rows. So the counts and checksums that follow the dump are those of the dump, whatever is written meanwhile.
dump() {
  local database=$1 line ready=no
  trap '' PIPE
  coproc SESSION { client --unbuffered "$database" 2>&1; }
  # shellcheck disable=SC2153  # coproc makes these
  exec 3>&"${SESSION[1]}" 4<&"${SESSION[0]}"
  # The session ends when nobody can write to it any more.
  eval "exec ${SESSION[1]}>&- ${SESSION[0]}<&-"
  cat >&3 <<SQL
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SET SESSION group_concat_max_len = 1000000;
SET SESSION wait_timeout = 86400;
SET SESSION lock_wait_timeout = 60;
FLUSH TABLES WITH READ LOCK;
START TRANSACTION WITH CONSISTENT SNAPSHOT;
SELECT CONCAT('-- backup: made ', UTC_TIMESTAMP());
SELECT CONCAT('-- backup: server ', @@server_uuid, ' ', @@version, ' $database');
SHOW BINARY LOG STATUS;
SELECT 'ready';
SQL
  local said=()
  while IFS= read -r -u 4 line; do
    [[ $line != ready ]] || { ready=yes && break; }
    said+=("$line")
  done
  [[ $ready == yes ]] || fail "MySQL refused the lock for the backup: ${said[*]:-no answer}"
  local log position
  IFS=$'\t' read -r log position _rest <<<"${said[2]:-}"
  [[ -n $position ]] || fail "MySQL keeps no binary log, without which there is no return to a moment: ${said[*]}"
  mysqldump --user=root --single-transaction --source-data=2 --set-gtid-purged=OFF --no-tablespaces --quick --hex-blob \
    --routines --default-character-set=utf8mb4 "$database" | {
    while IFS= read -r line; do
      printf '%s\n' "$line"
      [[ $line != *'CHANGE REPLICATION SOURCE TO'* ]] || break
    done
    # mysqldump has its snapshot: everybody may write again.
    printf 'UNLOCK TABLES;\n' >&3
    cat
  }
  printf '%s\n%s\n-- backup: log %s %s\n' "${said[0]}" "${said[1]}" "$log" "$position"
  {
    migrations "$database"
    checksums "$database" | client
    printf "SELECT '-- backup: end';\n"
  } >&3 || true # if the session has ended, its last words say why
  exec 3>&-
  answers <&4
}

# The session's answers with blanks for tabs, to the last; whatever else it says is an error.
answers() {
  local line end=no
  while IFS= read -r line; do
    [[ $line == '-- backup: '* ]] || fail "MySQL: $line"
    printf '%s\n' "${line//$'\t'/ }"
    [[ $line != '-- backup: end' ]] || { end=yes && break; }
  done
  [[ $end == yes ]] || fail 'the session that counts rows ended early.'
}

describe() {
  {
    printf 'SET SESSION group_concat_max_len = 1000000;\n'
    checksums "$1" | client
    printf "SELECT '-- backup: end';\n"
  } | client "$1" | answers
}

migrations() {
  printf "SELECT CONCAT('-- backup: migration ', app, ' ', name) FROM \`%s\`.django_migrations ORDER BY id;\n" "$1"
}

# SQL that makes the SQL that counts and sums every row of every table. A row's sum is of its values as text, so it is the
# same in another version of MySQL; rows are combined by XOR, in whatever order they come. (Of no rows it is 0. A COALESCE
# around it would make it a signed number, and cut half of all sums off at 7fffffffffffffff.)
checksums() {
  cat <<SQL
SET SESSION group_concat_max_len = 1000000;
SELECT CONCAT('SELECT ''-- backup: table', ' ', table_name, ''', COUNT(*), LOWER(HEX(BIT_XOR(CAST(CONV(LEFT(SHA2(',
  'CONCAT_WS(''#'', ', GROUP_CONCAT(
    IF(data_type IN ('binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'bit', 'geometry'),
      CONCAT('QUOTE(HEX(\`', column_name, '\`))'),
      CONCAT('CONVERT(QUOTE(\`', column_name, '\`) USING utf8mb4) COLLATE utf8mb4_bin'))
    ORDER BY ordinal_position SEPARATOR ', '),
  '), 256), 16), 16, 10) AS UNSIGNED)))) FROM \`$1\`.\`', table_name, '\`;')
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = '$1' AND table_type = 'BASE TABLE'
GROUP BY table_name ORDER BY table_name;
SQL
}

load() {
  client --execute="CREATE DATABASE \`$1\` CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci"
  apply "$1"
}

apply() {
  { printf 'SET SESSION sql_log_bin = 0;\n' && cat; } | client --max-allowed-packet=1G "$1" >/dev/null
}

# Framed: a line with the server, then for each log a line “name size” and its bytes, then “end”.
logs() {
  local server folder name size newest
  server=$(client --execute='SELECT @@server_uuid')
  folder=$(client --execute='SELECT @@log_bin_basename')
  folder=${folder%/*}
  client --execute='FLUSH BINARY LOGS'
  rotate_slow_log "$folder/slow.log"
  newest=$(client --execute='SHOW BINARY LOGS' | tail -n 1 | cut -f 1)
  printf '%s\n' "$server"
  while IFS=$'\t' read -r name size _rest; do
    [[ $name != "$newest" && " $* " != *" $server/$name "* ]] || continue
    printf '%s %s\n' "$name" "$size"
    head -c "$size" "$folder/$name"
  done < <(client --execute='SHOW BINARY LOGS')
  printf 'end\n'
}

# MySQL rotates its binary logs by itself, and this one never.
rotate_slow_log() {
  [[ -e $1 ]] && (($(stat -c %s "$1") > ${SLOW_LOG_BYTES:-20000000})) || return 0
  mv "$1" "$1.1"
  client --execute='FLUSH SLOW LOGS'
}

tables() {
  client --execute="SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$1'"
}

size() {
  client --execute="SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = '$1'"
  df -B1 --output=avail /var/lib/mysql | tail -n 1
}

# One statement renames everything, so nobody sees half of it. The tables of before are dropped after that.
swap() {
  local from=$1 to=$2 before=$2_before_restore
  {
    printf 'SET SESSION sql_log_bin = 0;\nSET SESSION foreign_key_checks = 0;\nSET SESSION lock_wait_timeout = 60;\n'
    # shellcheck disable=SC2016  # backticks of SQL
    printf 'DROP DATABASE IF EXISTS `%s`;\nCREATE DATABASE `%s`;\n' "$before" "$before"
    printf 'RENAME TABLE %s;\n' "$({ renames "$to" "$before" && renames "$from" "$to"; } | paste -sd,)"
    # shellcheck disable=SC2016
    printf 'DROP DATABASE `%s`;\nDROP DATABASE `%s`;\n' "$before" "$from"
  } | client
}

renames() {
  client --execute="SELECT CONCAT('\`$1\`.\`', table_name, '\` TO \`$2\`.\`', table_name, '\`')
    FROM information_schema.tables WHERE table_schema = '$1' AND table_type = 'BASE TABLE'"
}

drop() {
  client --execute="SET SESSION sql_log_bin = 0; DROP DATABASE IF EXISTS \`$1\`"
}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

main "$@"
