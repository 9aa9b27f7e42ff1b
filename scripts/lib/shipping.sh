# shellcheck shell=bash
# How an image comes to be, and to a server. Needs lib/messages.sh, lib/remote.sh and an open connection; VERSION, COMMIT
# and DIRTY say what is built. Sets SERVED_IMAGE, the name that the server knows it by.

SHIPPING_REGISTRY=registry:2.8
# Layers that have travelled once are found again here, so none is packed twice. It may be deleted at any time.
SHIPPING_VOLUME=${SHIPPING_VOLUME:-shop-shipping}

# Of the commit itself, not of what lies about in the folder.
build_image() {
  if [[ -n ${IMAGE:-} ]]; then
    docker image inspect "$IMAGE" >/dev/null 2>&1 || docker pull --quiet "$IMAGE" || die "there is no image $IMAGE here."
    BUILT_IMAGE=$IMAGE
    # What an image of elsewhere calls itself is what its pages will say.
    VERSION=$(docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$IMAGE" | sed -n 's/^RELEASE=//p')
    return
  fi
  BUILT_IMAGE=shop:$VERSION
  if [[ $DIRTY == no ]] && docker image inspect "$BUILT_IMAGE" >/dev/null 2>&1; then
    printf '  The image of this commit is built already\n'
    return
  fi
  step 'Building the image (a minute or two the first time)' build ||
    die 'the image could not be built: see the lines above. On the server nothing has changed.'
}

build() {
  local platform
  case $(remote uname -m) in
    x86_64) platform=linux/amd64 ;;
    aarch64 | arm64) platform=linux/arm64 ;;
    *) platform='' ;;
  esac
  if [[ $DIRTY == yes ]]; then
    docker build --quiet --target runtime ${platform:+--platform "$platform"} --build-arg RELEASE="$VERSION" \
      --tag "$BUILT_IMAGE" .
  else
    git archive --format=tar HEAD | docker build --quiet --target runtime ${platform:+--platform "$platform"} \
      --build-arg RELEASE="$VERSION" --tag "$BUILT_IMAGE" -
  fi
}

send_image() {
  if [[ -n ${REGISTRY:-} ]]; then
    SERVED_IMAGE=$REGISTRY/${BUILT_IMAGE##*/}
    step "Sending the image through $REGISTRY" send_through_registry || die "the image could not be sent: see the lines above.
Are you logged in here and on the server (docker login ${REGISTRY%%/*})?"
  else
    SERVED_IMAGE=$BUILT_IMAGE
    send_over_ssh
  fi
}

send_through_registry() {
  docker tag "$BUILT_IMAGE" "$SERVED_IMAGE" && docker push --quiet "$SERVED_IMAGE" &&
    remote "$(quoted docker pull --quiet "$SERVED_IMAGE")"
}

# A registry for the length of this deployment, which the server reaches through the connection that is open. So the
# server's engine itself asks for those layers alone that it does not have.
send_over_ssh() {
  ! remote "$(quoted docker image inspect "$SERVED_IMAGE")" >/dev/null 2>&1 || [[ -n ${IMAGE:-} ]] || {
    printf '  The server has this image already\n'
    return
  }
  local name=shop-shipping-$$ port there
  step 'Packing the layers that are new' pack "$name" || die 'the image could not be packed: see the lines above.'
  port=$(docker port "$name" 5000/tcp | head -n 1 | sed 's/.*://')
  there=$("${SSH[@]}" -O forward -R "127.0.0.1:0:127.0.0.1:$port" "$SERVER") ||
    die 'the server allows no forwarding: in its sshd_config, AllowTcpForwarding must be yes or remote.'
  step 'Sending the layers that the server does not have' fetch "127.0.0.1:$there" ||
    die "the image could not be sent: see the lines above. Is the server's disk full? (make server-check HOST=$HOST)"
  docker rm --force --volumes "$name" >/dev/null
  printf '    %s\n' "$(tr '\n' ' ' <"$CONNECTION/layers")"
}

pack() {
  local address
  docker run --detach --rm --name "$1" --publish 127.0.0.1::5000 --volume "$SHIPPING_VOLUME:/var/lib/registry" \
    "$SHIPPING_REGISTRY" && printf '%s\n' "$1" >"$CONNECTION/registry" || return
  address=127.0.0.1:$(docker port "$1" 5000/tcp | head -n 1 | sed 's/.*://') || return
  docker tag "$BUILT_IMAGE" "$address/$SERVED_IMAGE" || return
  # It takes a moment until it answers.
  local tries
  for ((tries = 0; tries < 20; tries++)); do
    ! docker push "$address/$SERVED_IMAGE" || break
    sleep 0.5
  done
  docker image rm "$address/$SERVED_IMAGE"
  ((tries < 20))
}

fetch() {
  local from=$1/$SERVED_IMAGE
  remote "$(quoted docker pull "$from")" >"$CONNECTION/pull" 2>&1 || {
    cat "$CONNECTION/pull"
    return 1
  }
  printf '%s layers were there, %s travelled\n' "$(grep -c 'Already exists' "$CONNECTION/pull")" \
    "$(grep -c 'Pull complete' "$CONNECTION/pull")" >"$CONNECTION/layers"
  remote "$(quoted docker tag "$from" "$SERVED_IMAGE") && $(quoted docker image rm "$from")"
}
