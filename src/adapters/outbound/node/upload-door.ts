import type { UploadDoor } from '../../../domain/ports/files.ts';

/** A door whose address is known only once the server listens. */
export interface OpenableUploadDoor extends UploadDoor {
  /** @param publicUrl the server's address as clients see it. */
  open(publicUrl: string): void;
}

export function createUploadDoor(): OpenableUploadDoor {
  let base: string | undefined;
  return {
    open: (publicUrl) => {
      base = publicUrl.replace(/\/+$/, '');
    },
    addressOf: (ticket) => (base === undefined ? undefined : `${base}/uploads/${ticket}`),
  };
}
