/** Where the CMS is and as whom we come: the configured one, or the sandbox. */
export interface CmsAddress {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly isSandbox: boolean;
}
