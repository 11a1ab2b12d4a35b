#!/usr/bin/env bash
# Runs the tests that need a kernel with sound, in the emulated machine. Build first: dotnet build -c Release
#
#   test.sh [RESULTS [CONFIGURATION [CLASS]]]
#
# RESULTS is a folder that gets the runners' reports, alsa-PROJECT.trx; CLASS is of the test classes, where * stands for anything. Settings: see run.sh, and
# MUSICRNN_ALSA_PROJECTS, which of the two test projects; default both.
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
results=$(realpath "${1:-$(mktemp -d)}")
bin=bin/${2:-Release}/net10.0

# Every file that will be needed is read once before: waiting for one would look like a jump of the clock.
"$here/run.sh" "$results" "
cd $here/..
cat \$DOTNET_ROOT/host/fxr/*/* \$DOTNET_ROOT/shared/Microsoft.NETCore.App/*/* {MusicRnn.Tests,MusicRnn.Host.Tests}/$bin/*.dll ../soundfonts/*.sf2 \
    /usr/lib/*/lib{asound,jack}.so.* /usr/bin/{aplay,arecord,aconnect,aplaymidi,arecordmidi,aseqdump} > /dev/null
status=0
for project in ${MUSICRNN_ALSA_PROJECTS:-MusicRnn.Tests MusicRnn.Host.Tests}; do
    dotnet \$project/$bin/\$project.dll -class '${3:-*_RealKernel}' -parallel none -noColor -trx $results/alsa-\$project.trx || status=1
done
exit \$status"

# A run that tried nothing has shown nothing.
for project in ${MUSICRNN_ALSA_PROJECTS:-MusicRnn.Tests MusicRnn.Host.Tests}; do
    grep -q '<Counters [^>]* passed="[1-9]' "$results/alsa-$project.trx" || { echo "$project: no test passed in the machine." >&2; exit 1; }
done
