#!/usr/bin/env bash
# Runs a command on this very machine, but under a kernel that has sound: containers and servers have none.
#
#   run.sh RESULTS COMMAND...
#
# An emulated PC (qemu; no KVM and no root needed) boots Debian's kernel. Its disk is this machine's own file system, seen through
# an overlay in memory: every program and every path is there as it is here, and whatever is written is forgotten, but for
# the folder RESULTS, which is shared. The command's output comes out here, and its exit status is this script's.
#
# It has a sequencer with "Midi Through", the cards Dummy (0) and Loopback (1), and a USB port with a MIDI keyboard in reach:
# keyboard.sh plugs it in and pulls it out.
#
# Settings, from the environment:
#   MUSICRNN_ALSA_MACHINE_CACHE  where kernel and start-up disk are kept (25 MB); default ${XDG_CACHE_HOME:-~/.cache}/musicrnn-alsa-machine
#   REAL_CLOCK=1                 two cores and the real clock, as late as this machine is busy. Without it there is one core and a clock that
#                                counts instructions (2 ns each) and skips what is slept, so that nothing is late because this machine is busy,
#                                and ten seconds of waiting take none. Only waiting for a file that was not read before looks like a jump ahead.
#   TIMEOUT                      seconds until the machine is switched off; default 300
#
# Exit status 125: the machine could not be built or ended without a result; the reason is on standard error.
set -euo pipefail

(( $# >= 2 )) || { sed -n '2,/^$/{ s/^# \{0,1\}//p }' "$0" >&2; exit 2; }
results=$(realpath "$1")
shift
cache=${MUSICRNN_ALSA_MACHINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/musicrnn-alsa-machine}
fail() { echo "alsa-machine: $*" >&2; exit 125; }

for program in qemu-system-x86_64 cpio modprobe depmod; do
    [ -n "$(PATH=$PATH:/usr/sbin:/sbin command -v $program)" ] || fail "$program is missing: apt-get install qemu-system-x86 cpio kmod busybox-static alsa-utils"
done
busybox=$(command -v busybox) || fail "busybox is missing: apt-get install busybox-static"
PATH=$PATH:/usr/sbin:/sbin

# What the kernel is to know besides what is built into it. The first line is what it takes to see this machine's files.
modules=(
    virtio_pci 9pnet_virtio 9p overlay
    snd-seq snd-seq-midi snd-seq-dummy snd-hrtimer snd-timer snd-pcm
    snd-dummy snd-aloop
    dummy_hcd usb_f_midi snd-usb-audio
)

build() {
    local new=$cache/new.$$ package version module path
    rm -rf "$new"
    mkdir -p "$new/kernel" "$new/disk/modules" "$new/disk/machine" "$new/disk/memory" "$new/disk/root"

    # The package is unpacked, not installed. The -cloud flavour would be smaller but has no sound.
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: //p')
    [ -n "$package" ] || { echo "apt knows no linux-image-amd64: apt-get update (on a Debian system)"; return 1; }
    (cd "$new" && apt-get download -qq "$package")
    dpkg -x "$new"/linux-image-*.deb "$new/kernel"
    version=$(ls "$new/kernel/lib/modules")
    mv "$new/kernel/boot/vmlinuz-$version" "$new/vmlinuz"
    depmod -b "$new/kernel" "$version"

    # Each module after those that it needs, in one list; what is built in is not a file.
    for module in "${modules[@]}"; do
        modprobe -d "$new/kernel" -S "$version" -D "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
    done | awk '!seen[$0]++' | while read -r path; do
        cp "$path" "$new/disk/modules/"
        basename "$path" >> "$new/disk/modules/order"
    done
    cp "$busybox" "$new/disk/busybox"

    cat > "$new/disk/init" <<'INIT'
#!/busybox sh
# The first program of the machine: puts its file system together and goes over to it.
set -e
b=/busybox
$b mkdir -p /dev /proc
$b mount -t devtmpfs dev /dev
while read -r module; do
    options=
    case $module in
        snd-dummy.ko) options="index=0" ;;
        snd-aloop.ko) options="index=1 pcm_substreams=2" ;;
    esac
    $b insmod "/modules/$module" $options
done < /modules/order
plan9() { $b mount -t 9p -o "trans=virtio,version=9p2000.L,msize=262144,$3" "$1" "$2"; }
plan9 machine /machine cache=loose,ro
$b mount -t tmpfs memory /memory
$b mkdir /memory/changes /memory/work
$b mount -t overlay -o lowerdir=/machine,upperdir=/memory/changes,workdir=/memory/work overlay /root
$b mount -t proc proc /root/proc
$b mount -t sysfs sys /root/sys
$b mount -t configfs config /root/sys/kernel/config
$b mount -t devtmpfs dev /root/dev
$b mkdir -p /root/dev/shm
$b mount -t tmpfs -o mode=1777 shm /root/dev/shm
$b mount -t tmpfs -o mode=755 run /root/run
results=$($b sed -n 's/.*musicrnn.results=\([^ ]*\).*/\1/p' /root/proc/cmdline)
$b mkdir -p "/root$results"
plan9 results "/root$results" cache=none
$b ip link set lo up || true
exec $b switch_root /root /bin/sh "$results/.machine/start"
INIT
    chmod +x "$new/disk/init"
    (cd "$new/disk" && find . | cpio -o -H newc --quiet | gzip -1) > "$new/start-up.gz"
    rm -rf "$new/kernel" "$new/disk" "$new"/*.deb
    mkdir -p "$cache"
    mv "$new/vmlinuz" "$new/start-up.gz" "$cache/"
    rmdir "$new"
}

# Built again when this file changes. The build runs in the background, for "build || ..." would not stop at its first error.
mark=$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-64)
if [ "$(cat "$cache/mark" 2>/dev/null)" != "$mark" ]; then
    mkdir -p "$cache"
    build > "$cache/build.log" 2>&1 &
    wait $! || { tail -5 "$cache/build.log" >&2; fail "the kernel could not be prepared; see $cache/build.log"; }
    echo "$mark" > "$cache/mark"
fi

[[ $results != *[\ ,]* ]] || fail "the results' path holds a space or a comma, which qemu and the kernel's command line cannot carry"
job=$results/.machine
rm -rf "$job"
mkdir -p "$job"
trap 'rm -rf "$job"' EXIT
printf '%s\n' "$*" > "$job/command"
dotnet=$(command -v dotnet) && dotnet=$(dirname "$(realpath "$dotnet")")
cat > "$job/start" <<START
export HOME=/root PATH=$PATH DOTNET_ROOT=$dotnet DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LANG=C.UTF-8
export XDG_RUNTIME_DIR=/run/user MUSICRNN_INSIDE_ALSA_MACHINE=1
mkdir -p /run/user
stty -F /dev/ttyS0 -onlcr
cd "$PWD"
bash "$job/command" < /dev/null > /dev/ttyS0 2>&1
echo \$? > "$job/status"
sync
busybox poweroff -f
START

options=(-machine q35 -accel tcg -cpu max -m 2048 -nodefaults -no-reboot -display none -serial stdio
    -kernel "$cache/vmlinuz" -initrd "$cache/start-up.gz"
    -append "console=ttyS0 quiet loglevel=0 panic=-1 mitigations=off musicrnn.results=$results")
if [ -n "${REAL_CLOCK:-}" ]; then
    options+=(-smp 2)
else
    options+=(-smp 1 -icount shift=1,sleep=off)
fi
share() { options+=(-virtfs "local,mount_tag=$1,path=$2,security_model=none,multidevs=remap,readonly=$3"); }
share machine / on
share results "$results" off
timeout "${TIMEOUT:-300}" nice qemu-system-x86_64 "${options[@]}" < /dev/null || true
[ -f "$job/status" ] || fail "the machine ended without a result: a timeout of ${TIMEOUT:-300} s, or the kernel stopped"
exit "$(cat "$job/status")"
