#!/usr/bin/env bash
# Runs a command for as long as standard input stays open, which is as long as the process that holds the other end lives,
# however that ends. Then ends the command and removes its directory.
#
#   tethered.sh DIRECTORY SIGNAL COMMAND [ARGUMENT...]
set -u
directory=$1 signal=$2
shift 2

exec 3<&0
"$@" 3<&- </dev/null &
command=$!
{ read -r _ <&3; kill -s "$signal" "$command"; } 2>/dev/null &
tether=$!

wait "$command"
code=$?
kill "$tether" 2>/dev/null
rm -rf --one-file-system "$directory"
exit "$code"
