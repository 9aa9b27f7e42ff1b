#!/usr/bin/env bash
# Usage: run by the MySQL container at its first start.
# Lets the application's user make the databases of the test suite, and nothing else.
set -Eeuo pipefail

MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root \
  --execute="GRANT ALL PRIVILEGES ON \`test\\_%\`.* TO '$MYSQL_USER'@'%'"
