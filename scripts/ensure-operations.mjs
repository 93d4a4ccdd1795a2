// Puts the programs on the machine that read what is shipped to operators. Readable by old Nodes.
import { existsSync, readdirSync } from 'node:fs';
import { ensurePackage } from './ensure-package.mjs';

/** Which package of Debian and Ubuntu brings which program. */
const packages = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  amtool: 'prometheus-alertmanager',
  nginx: 'nginx-light',
  haproxy: 'haproxy',
  'systemd-analyze': 'systemd',
  'dbus-daemon': 'dbus',
  'docker-compose': 'docker-compose',
  shellcheck: 'shellcheck',
  buildah: 'buildah',
  curl: 'curl',
  rsyslogd: 'rsyslog-elasticsearch',
  logrotate: 'logrotate',
};

/** rsyslog is common; the part of it that speaks to Elasticsearch is a package of its own. */
const files = {
  rsyslogd: () =>
    readdirSync('/usr/lib', { withFileTypes: true }).some(({ name }) =>
      existsSync(`/usr/lib/${name}/rsyslog/omelasticsearch.so`),
    ),
};

/** Ensures that all of them are on the PATH; throws advice where that cannot be done. */
export async function ensureOperations() {
  for (const [program, aptPackage] of Object.entries(packages)) {
    await ensurePackage({
      programs: [program],
      aptPackage,
      hasFile: files[program],
      advice: [
        `The operations tests need ${program} on the PATH. On Debian and Ubuntu:`,
        `  sudo apt-get update && sudo apt-get install -y ${[...new Set(Object.values(packages))].join(' ')}`,
        'Suites that need none of it: npm run test:unit, :contract, :integration, :e2e, :architecture',
      ],
    });
  }
}
