# shellcheck shell=bash
# Which releases there are on the server. Needs lib.sh.

# What runs beside web, of this size of server: background_services COMMAND…, which is a release's compose.
background_services() {
  "$@" config --services | grep -xE 'worker|worker-io|worker-all|beat|flower' | sort
}

# The newest first. A folder without release.env did not arrive whole.
releases() {
  local folder
  for folder in "$SHOP_DIR"/releases/*/; do
    [[ ! -e $folder/release.env ]] || basename "$folder"
  done | sort -r
}

# releases_to_forget KEPT: all but the one that serves and the last that have served; what never served goes too.
releases_to_forget() {
  local release served=0 serving
  serving=$(serving_release)
  for release in $(releases); do
    if [[ $release == "$serving" ]]; then
      served=$((served + 1))
    elif [[ -e $SHOP_DIR/releases/$release/served ]] && ((served < $1)); then
      served=$((served + 1))
    else
      printf '%s\n' "$release"
    fi
  done
}

# Another release may use the same image: then it stays.
forget() {
  local image other
  image=$(value "$SHOP_DIR/releases/$1/release.env" IMAGE)
  rm -rf "${SHOP_DIR:?}/releases/$1"
  for other in $(releases); do
    [[ $(value "$SHOP_DIR/releases/$other/release.env" IMAGE) != "$image" ]] || return 0
  done
  docker image rm "$image" >/dev/null 2>&1 || true
}
