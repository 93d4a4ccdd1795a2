#!/bin/sh
# A command of the product where systemd runs it: with the settings, the secrets, the user and the folder of the server.
# Installed as /usr/local/sbin/ingeniux-cms-mcp, and run as root: ingeniux-cms-mcp doctor
set -eu

configuration=/etc/ingeniux-cms-mcp
unit=ingeniux-cms-mcp-command-$$.service
program=$(sed -n 's/^ExecStart=\(.*\) serve$/\1/p' /etc/systemd/system/ingeniux-cms-mcp-server.service)

# The words of the program, which hold no spaces themselves.
# shellcheck disable=SC2086
set -- $program "$@"
# Each file below `secrets` is handed over as the setting of its name.
for file in "$configuration"/secrets/*; do
  [ -f "$file" ] || continue
  name=$(basename "$file")
  setting=$(printf '%s_FILE' "$name" | tr '[:lower:]' '[:upper:]')
  set -- --property="LoadCredential=$name:$file" --setenv="$setting=/run/credentials/$unit/$name" "$@"
done
exec systemd-run --quiet --pipe --wait --collect --unit="$unit" \
  --property=DynamicUser=yes --property=User=ingeniux-cms-mcp --property=Group=ingeniux-cms-mcp \
  --property=StateDirectory=ingeniux-cms-mcp --property=StateDirectoryMode=0700 \
  --property=WorkingDirectory=/opt/ingeniux-cms-mcp-server \
  --property=EnvironmentFile="$configuration/environment" \
  --setenv=NODE_ENV=production --setenv=DATA_DIR=/var/lib/ingeniux-cms-mcp "$@"
