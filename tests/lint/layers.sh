#!/bin/sh
# layers.sh DIR: fails when a layer below DIR (libir) includes or calls what it may not. See layers.awk.
set -u
if find "$1" -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort | xargs awk -f tests/lint/layers.awk; then
    echo 'check-layers: passed'
else
    echo 'check-layers: breached'
    exit 1
fi
