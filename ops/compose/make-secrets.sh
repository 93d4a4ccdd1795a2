#!/bin/sh
# Makes the secrets that docker-compose.yml hands to its services, each a file of its own below ./secrets. Files that
# are there already stay as they are, so that it can be run again after an update.
#
#   ops/compose/make-secrets.sh [folder]
set -eu
folder=${1:-secrets}
umask 077
mkdir -p "$folder"

# Writes standard input to a new file. The services run as other users than the one who made it, so that all may
# read the file; the folder keeps everybody else out.
make() {
  if [ -e "$folder/$1" ]; then
    cat > /dev/null
    return
  fi
  cat > "$folder/$1"
  chmod 0444 "$folder/$1"
  echo "made $folder/$1"
}

random() {
  head -c 32 /dev/urandom | base64 | tr -d '\n'
}

# The characters of an address that have no meaning of their own.
random | tr '+/' '-_' | tr -d '=' | make redis_password
printf 'redis://:%s@redis:6379' "$(cat "$folder/redis_password")" | make redis_url
# The exporter wants JSON: which server has which password.
printf '{"redis://redis:6379":"%s"}' "$(cat "$folder/redis_password")" | make redis_exporter_password
random | make token_encryption_key
random | make grafana_admin_password
# To be replaced: the sandbox's public secret, and addresses that reach nobody.
printf 'sandbox-secret-editor' | make oauth_client_secret
printf 'http://127.0.0.1:9/alerts' | make alert_webhook_url
printf 'http://127.0.0.1:9/slack' | make alert_slack_url
printf 'none' | make alert_smtp_password

echo "Write the client secret of your CMS to $folder/oauth_client_secret, and where alerts go to $folder/alert_*."
