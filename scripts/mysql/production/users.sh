#!/usr/bin/env bash
# Usage: run by the MySQL container of docker-compose.prod.yml at its first start; and again, after the files of the
# passwords have changed, by: scripts/server/compose exec -T db bash -s <scripts/mysql/production/users.sh
# The database's users, with the passwords that their files hold: `hnm` for the application, which reads and writes rows,
# and `hnm_migrations` for deployments, which also changes tables. With KEEP_OLD_PASSWORDS=1 the passwords so far stay
# valid beside the new ones, until somebody runs it without.
set -Eeuo pipefail

main() {
  local root application migrations
  root=$(</run/secrets/mysql_root_password)
  application=$(literal "$(</run/secrets/mysql_password)")
  migrations=$(literal "$(</run/secrets/mysql_migration_password)")
  local retain='' discard='DISCARD OLD PASSWORD'
  [[ ${KEEP_OLD_PASSWORDS:-} != 1 ]] || retain='RETAIN CURRENT PASSWORD' discard=''
  {
    user hnm "$application"
    user hnm_migrations "$migrations"
    # Rows, and no table: what breaks into the application cannot drop one.
    # shellcheck disable=SC2016  # backticks of SQL
    printf 'GRANT SELECT, INSERT, UPDATE, DELETE ON `hnm`.* TO hnm;\n'
    # Tables too, but nobody else's, and it can give no right away.
    # shellcheck disable=SC2016
    printf 'GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON `hnm`.* TO hnm_migrations;\n'
  } | MYSQL_PWD=$root mysql --user=root
}

user() {
  printf "CREATE USER IF NOT EXISTS %s IDENTIFIED BY %s;\n" "$1" "$2"
  printf "ALTER USER %s IDENTIFIED BY %s %s;\n" "$1" "$2" "$retain"
  [[ -z $discard ]] || printf "ALTER USER %s %s;\n" "$1" "$discard"
}

# As a string of SQL.
literal() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\'\'}"
}

main "$@"
