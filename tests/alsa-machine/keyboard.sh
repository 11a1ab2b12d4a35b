#!/usr/bin/env bash
# Inside the machine: plugs a USB MIDI keyboard named "Test Piano" in, or pulls it out.
#
#   keyboard.sh in|out
#
# Both ends of the cable are in the one kernel (dummy_hcd): the keyboard itself is the sequencer client "f_midi", and what is played into that
# comes out of the client "Test Piano", which snd-usb-audio made as it does for any keyboard; what is sent to "Test Piano" comes out of "f_midi".
# Returns when the sequencer knows of the change.
set -euo pipefail

gadget=/sys/kernel/config/usb_gadget/piano
if [ ! -d $gadget ]; then
    mkdir $gadget
    echo 0x1d6b > $gadget/idVendor
    echo 0x0104 > $gadget/idProduct
    mkdir $gadget/strings/0x409 $gadget/configs/c.1 $gadget/functions/midi.keys
    echo "Test Piano" > $gadget/strings/0x409/product
    ln -s $gadget/functions/midi.keys $gadget/configs/c.1/
fi

case $1 in
    in) [ -n "$(cat $gadget/UDC)" ] || echo dummy_udc.0 > $gadget/UDC ;;
    out) [ -z "$(cat $gadget/UDC)" ] || echo "" > $gadget/UDC ;;
    *) exit 2 ;;
esac

for (( i = 0; i < 500; i++ )); do
    known=$(aconnect -l | grep -c "^client.*'Test Piano'" || true)
    if [[ $1 == in && $known == 1 || $1 == out && $known == 0 ]]; then
        exit 0
    fi
    sleep 0.01
done

echo "keyboard.sh $1: the sequencer does not follow" >&2
exit 1
