import { describe, expect, it } from 'vitest';
import type { Clock, Digest, IdSource } from '../../../src/domain/ports/system.ts';
import { type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of the clock, the source of ids and the digest in src/domain/ports/system.ts. */
export interface OpenedClock extends Opened {
  readonly subject: Clock;
}

export function clockContract(contract: Contract<OpenedClock>): void {
  describeContract('Clock', contract, {
    'is in whole milliseconds': async ({ subject }) => {
      expect(Number.isInteger(subject.nowMs())).toBe(true);
      // Seconds would lie before 1973, microseconds after the year 5000.
      expect(subject.nowMs()).toBeGreaterThan(1e11);
      expect(subject.nowMs()).toBeLessThan(1e14);
    },
    'counts since 1970': async ({ subject }) => {
      const beforeMs = Date.now();
      const nowMs = subject.nowMs();
      expect(nowMs).toBeGreaterThanOrEqual(beforeMs);
      expect(nowMs).toBeLessThanOrEqual(Date.now());
    },
  });
}

export function idSourceContract(name: string, open: () => IdSource): void {
  describe(`IdSource: ${name}`, () => {
    const forms = [
      { what: 'id', make: (ids: IdSource, prefix: string) => ids.id(prefix), bits: 128 },
      { what: 'secret', make: (ids: IdSource, prefix: string) => ids.secret(prefix), bits: 256 },
    ];
    for (const { what, make, bits } of forms) {
      it(`\`${what}\` has ${bits} bits or more, is URL-safe and begins with \`prefix_\``, () => {
        const ids = open();
        for (const prefix of ['job', 'igx', 'a-b']) {
          const made = make(ids, prefix);
          expect(made.startsWith(`${prefix}_`)).toBe(true);
          const rest = made.slice(prefix.length + 1);
          expect(rest).toMatch(/^[A-Za-z0-9_-]+$/);
          // Six bits to a character of base64url.
          expect(rest.length * 6).toBeGreaterThanOrEqual(bits);
          expect(encodeURIComponent(made)).toBe(made);
        }
      });

      it(`\`${what}\` is unguessable: none comes twice, and every character of it varies`, () => {
        const [one, two] = [open(), open()];
        const made = Array.from({ length: 5_000 }, (_, index) => make(index % 2 === 0 ? one : two, 'x').slice(2));
        expect(new Set(made).size).toBe(made.length);
        const length = made[0]?.length ?? 0;
        // All characters but the last, which may carry few bits, take nearly all 64 values.
        for (let place = 0; place < length - 1; place++) {
          expect(new Set(made.map((text) => text[place])).size, `place ${place}`).toBeGreaterThan(50);
        }
      });
    }
  });
}

export function digestContract(name: string, open: () => Digest): void {
  describe(`Digest: ${name}`, () => {
    // The first two are the test vectors of FIPS 180-4; the third fixes the encoding as UTF-8.
    it.each([
      ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
      ['ü€😀', 'bec2d3e7c2047c817dc4c8c4e13f7a4801bb0c7f8798e3ac3e2fd65d71cb4993'],
    ])('is SHA-256 as hex: %j', (text, digest) => {
      expect(open().sha256(text)).toBe(digest);
    });

    it('tells texts apart that differ in one character, and is the same for the same text', () => {
      const digest = open();
      expect(digest.sha256('a'.repeat(100_000))).toBe(open().sha256('a'.repeat(100_000)));
      expect(digest.sha256('a'.repeat(100_000))).not.toBe(digest.sha256(`${'a'.repeat(99_999)}b`));
    });
  });
}
