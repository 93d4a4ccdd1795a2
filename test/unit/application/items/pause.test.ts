import { describe, expect, it } from 'vitest';
import { pause } from '../../../../src/application/items/pause.ts';

describe('pause', () => {
  it('ends by itself', async () => {
    await expect(pause(1, new AbortController().signal)).resolves.toBeUndefined();
  });

  it('ends at once with the reason of a signal, aborted before or during', async () => {
    const reason = new Error('gone');
    await expect(pause(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = pause(60_000, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
