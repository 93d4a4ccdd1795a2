import { DomainError } from '../../../../domain/errors.ts';
import { asJson } from './render.ts';
import type { TaskResource } from './resource.ts';
import { assetTemplate } from './uris.ts';

/** What the CMS knows of an asset; its bytes are not part of it. */
export const assetResource: TaskResource = {
  task: 'get_content',
  address: assetTemplate,
  name: 'asset',
  title: 'An asset',
  description: 'Fields, references and addresses of an asset or asset folder. The slash of the id is encoded: a%2F5.',
  mimeType: 'application/json',
  inputFor({ id = '' }) {
    if (!/^af?[/_]\d+$/.test(id)) {
      throw new DomainError('BAD_INPUT', `"${id}" is no asset id. Assets are a/5, asset folders af/7; in a URI a%2F5.`);
    }
    return { items: [id], include: ['fields', 'references', 'url'] };
  },
  render: asJson,
};
