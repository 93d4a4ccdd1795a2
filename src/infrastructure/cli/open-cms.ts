import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { CmsAddress } from '../di/cms-address.ts';
import { openSandbox } from '../sandbox/sandbox-process.ts';
import type { CommandContext } from './context.ts';

/** The identity that agents use in the sandbox: an editor who may publish. */
const sandboxClient = { clientId: 'sandbox-editor', clientSecret: 'sandbox-secret-editor' } as const;

/** The CMS that the settings name; `undefined` where that is the sandbox. */
export function configuredCms(config: Config): CmsAddress | undefined {
  if (config.cmsBaseUrl === undefined) return undefined;
  const { oauthClientId, oauthClientSecret } = config;
  if (oauthClientId === undefined || oauthClientSecret === undefined) {
    throw new Error('CMS_BASE_URL needs OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET.');
  }
  return { baseUrl: config.cmsBaseUrl, clientId: oauthClientId, clientSecret: oauthClientSecret, isSandbox: false };
}

/**
 * The CMS of the configuration or, without one, the sandbox, which is started beside this process and keeps its state
 * in `DATA_DIR`.
 */
export async function openCms({ config, logger, resources }: CommandContext): Promise<CmsAddress> {
  const configured = configuredCms(config);
  if (configured !== undefined) return configured;
  const sandbox = await openSandbox({
    port: config.sandboxPort,
    services: config.cmsServices,
    dataFile: join(config.dataDir, 'sandbox-cms.json'),
    onOutput: (line) => logger.info({ line }, 'sandbox CMS'),
  });
  resources.own('sandbox CMS', () => sandbox.close());
  return { baseUrl: sandbox.siteRoot, ...sandboxClient, isSandbox: true };
}
