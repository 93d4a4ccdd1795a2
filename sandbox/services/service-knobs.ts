/** What nobody outside knows of the service layer, so that a client can be tested under every possibility. */
export type ServiceKnobs = {
  /** Where it is mounted: `/REST/{Class}.svc/{Method}`, `/api/{Class}/{Method}`, or both. */
  urlForm: 'svc' | 'api' | 'both';
  /** How reads are called; writes are always POST. */
  verbReads: 'get' | 'post' | 'both';
  /** 10 adds the members about a content freeze. */
  envelopeVersion: 9 | 10;
  /** How a refusal looks. */
  failure: { httpStatus: number; code: number; error: 'string' | 'object' };
  /** Whether the API's access tokens open the layer too; it may want the session of a browser. */
  acceptsBearer: boolean;
  /** The answer to a missing or bad token. `open` answers everybody: a badly configured CMS. */
  authMiss: '401' | '302-html' | 'open';
  /** What Save does to elements that are not listed. */
  saveMode: 'merge' | 'replace';
  /** Methods that answer as if they had done it, and do nothing. */
  lies: string[];
  /** Methods that this CMS does not serve, by class and name. */
  without: string[];
  /** How the one parameter of `GetPageMarks` travels: under its name, or as the body itself. */
  singleArgument: 'wrapped' | 'bare';
  /** Whether names in answers are percent-encoded. */
  encodeNames: boolean;
  /** Whether answers come without their envelope. */
  bareMessage: boolean;
};

export const defaultServiceKnobs: ServiceKnobs = {
  urlForm: 'svc',
  verbReads: 'get',
  envelopeVersion: 10,
  failure: { httpStatus: 200, code: 1, error: 'string' },
  acceptsBearer: true,
  authMiss: '401',
  saveMode: 'merge',
  lies: [],
  without: [],
  singleArgument: 'wrapped',
  encodeNames: true,
  bareMessage: false,
};
