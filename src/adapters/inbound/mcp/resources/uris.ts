import { uriTemplate } from './uri-template.ts';

/** The addresses of resources. */

export const contextUri = 'ingeniux://context';
export const pageTemplate = uriTemplate('ingeniux://page/{id}{?version,format}');
export const assetTemplate = uriTemplate('ingeniux://asset/{id}');
export const schemaTemplate = uriTemplate('ingeniux://schema/{name}');
export const treeTemplate = uriTemplate('ingeniux://tree/{id}{?depth}');
export const targetTemplate = uriTemplate('ingeniux://target/{id}');
export const jobTemplate = uriTemplate('ingeniux://job/{id}');
export const diffTemplate = uriTemplate('ingeniux://diff/{a}/{b}');
export const reportTemplate = uriTemplate('ingeniux://report/{job}{?page}');
export const auditTemplate = uriTemplate('ingeniux://audit{?item,user}');
export const operationTemplate = uriTemplate('ingeniux://operation/{id}');
export const operationsUri = 'ingeniux://operations';
export const houseStyleUri = 'ingeniux://house-style';

/** The address of a page's or asset's text, as subscribers know it. */
export function contentUri(id: string): string {
  return (/^af?\//.test(id) ? assetTemplate : pageTemplate).expand({ id });
}

export function targetUri(id: string): string {
  return targetTemplate.expand({ id });
}

export function jobUri(id: string): string {
  return jobTemplate.expand({ id });
}
