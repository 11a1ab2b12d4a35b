#!/usr/bin/env bash
# Runs the tests that need a kernel with sound, in the emulated machine. Build first: dotnet build -c Release
#
#   test.sh [RESULTS [CONFIGURATION [CLASS]]]
#
# RESULTS is a folder that gets the runner's report, alsa.trx; CLASS is of the test classes, where * stands for anything. Settings: see run.sh.
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
results=$(realpath "${1:-$(mktemp -d)}")
tests=$here/../MusicRnn.Tests/bin/${2:-Release}/net10.0

# Every file that will be needed is read once before: waiting for one would look like a jump of the clock.
exec "$here/run.sh" "$results" "
cat \$DOTNET_ROOT/host/fxr/*/* \$DOTNET_ROOT/shared/Microsoft.NETCore.App/*/* $tests/*.dll /usr/lib/*/libasound.so.2 /usr/bin/{aplay,arecord,aconnect} > /dev/null
dotnet $tests/MusicRnn.Tests.dll -class '${3:-*_RealKernel}' -parallel none -noColor -trx $results/alsa.trx"
