#!/bin/sh
# Tries a recovery from end to end on a scratch installation: 10,000 grants, traffic, backup, kill -9, everything wiped,
# restore. Nothing of the real installation is touched; on success it remembers, beside the real backups, that a recovery
# was tested (the metric backup_restore_test_timestamp_seconds).
#
#   scripts/test-recovery.sh [--grants NUMBER] [--redis] [--no-mark]
#
# --redis tries it on a Redis server of its own instead of the embedded storage. The settings of the real installation
# come from the environment, as for every command; they are needed for the mark alone.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
node=$root/node_modules/.bin/node
[ -x "$node" ] || node=$root/tools/node/node_modules/.bin/node
[ -x "$node" ] || node=node
# A package has no sources, and a checkout may not be built.
code=dist type=js
[ -e "$root/dist/main.js" ] || code=src type=ts

mark=yes
for argument in "$@"; do
  [ "$argument" != --no-mark ] || mark=no
done

"$node" "$root/$code/infrastructure/recovery/drill.$type" "$@"
[ "$mark" = no ] || "$node" "$root/$code/main.$type" backup mark-tested
