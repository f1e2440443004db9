# What bin/try-image and bin/try-compose share: buildah, and images that are made from Debian's
# packages where no registry can be reached.
SITE=$PWD
IMAGES=$SITE/var/image
export CONTAINERS_CONF=$IMAGES/containers.conf
ME=$(basename "$0")
say() { echo "$ME: $*"; }
fail() { say "FAILED: $*"; exit 1; }
# Ends with 0 where this cannot be tried.
needs() {
    [ "$(id -u)" = 0 ] || { say "skipped: it needs root"; exit 0; }
    for tool; do
        command -v "$tool" > /dev/null || { say "skipped: there is no $tool on this machine"; exit 0; }
    done
}
buildah() { command buildah --root "$IMAGES/root" --runroot "$IMAGES/run" --storage-driver vfs "$@"; }
is_there() { buildah inspect --type image "$1" > /dev/null 2>&1; }

# debian NAME PACKAGE…: an image with nothing but Debian's own packages.
debian() {
    local name=$1 tar=$IMAGES/base.tar made
    shift
    mmdebstrap --mode=root --variant=minbase --include="$(IFS=,; echo "$*")" \
        trixie "$tar" 2> "$IMAGES/base.log" || fail "mmdebstrap: see var/image/base.log"
    made=$(buildah from scratch)
    buildah add -q "$made" "$tar" > /dev/null
    buildah commit -q --rm "$made" "$name" > /dev/null
    rm "$tar"
}
# pulled NAME: whether a registry has given it, now or before.
pulled() {
    is_there "$1" || buildah pull -q "$1" 2> "$IMAGES/pull.log"
}
# build NAME FOLDER OPTION…: from a Containerfile, without asking a registry.
build() {
    local name=$1 folder=$2
    shift 2
    buildah build --format docker --isolation chroot --network host --pull=never --layers=false \
        "$@" --tag "$name" "$folder" > "$IMAGES/build.log" 2>&1 \
        || fail "the build of $name: see var/image/build.log"
}
# The image of the site, by deploy/Containerfile.
build_site() {
    local base wheels=$IMAGES/wheels made
    base=$(sed -n 's/^FROM //p' deploy/Containerfile)
    if ! pulled "$base"; then
        say "no registry answers: $base is made from Debian's packages"
        debian "$base" python3 python3-venv ca-certificates
        # As in the image of that name, pip belongs to a Python below /usr/local.
        made=$(buildah from --pull=never "$base")
        buildah run --isolation chroot "$made" -- python3 -m venv /usr/local
        buildah commit -q --rm "$made" "$base" > /dev/null
    fi
    # Packages come with this machine's pip, which knows its way to them; the image takes them
    # by their hashes, from the folder.
    bin/python -m pip download -q --require-hashes --no-deps -r requirements.txt -d "$wheels"
    printf '[global]\nno-index = true\nfind-links = /wheels\n' > "$IMAGES/pip.conf"
    build campaign-site . --file deploy/Containerfile \
        --volume "$wheels:/wheels:ro" --volume "$IMAGES/pip.conf:/etc/pip.conf:ro"
}

mkdir -p "$IMAGES/wheels"
# The limits of this process, since a sandbox lets nobody raise them.
printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=%s:%s"]\n' \
    "$(ulimit -n)" "$(ulimit -n)" "$(ulimit -u)" "$(ulimit -u)" > "$CONTAINERS_CONF"
