import { describe, expect, it } from 'vitest';

/** What a driver's test file hands to a contract suite. */
export interface Contract<S extends Opened> {
  /** The driver. */
  readonly name: string;
  /** Opens a store of its own for one law. */
  readonly open: () => Promise<S>;
  /** The only way round a law: the law's name, and the reason, which is printed. */
  readonly exempt?: Readonly<Record<string, string>>;
}

export interface Opened {
  close(): Promise<void>;
}

/** The laws of a port: the words of its comment, and what proves them. */
export type Laws<S> = Readonly<Record<string, (opened: S) => Promise<void>>>;

/** Runs every law of a port on one driver. */
export function describeContract<S extends Opened>(port: string, contract: Contract<S>, laws: Laws<S>): void {
  const exempt = contract.exempt ?? {};
  describe(`${port}: ${contract.name}`, () => {
    it('is exempt from nothing but laws of this port', () => {
      expect(Object.keys(exempt).filter((law) => !(law in laws))).toEqual([]);
      for (const [law, reason] of Object.entries(exempt)) {
        process.stdout.write(`${port}: ${contract.name} is exempt from "${law}": ${reason}\n`);
      }
    });
    for (const [law, prove] of Object.entries(laws)) {
      const reason = exempt[law];
      if (reason === undefined) {
        it(law, async () => {
          const opened = await contract.open();
          try {
            await prove(opened);
          } finally {
            await opened.close();
          }
        });
      } else {
        it(`${law} [exempt: ${reason}]`, (context) => context.skip(`exempt: ${reason}`));
      }
    }
  });
}

/** For laws about several processes: the store as another process sees it. A driver without one must be exempt. */
export function another<S>(other: S | undefined): S {
  if (other === undefined)
    throw new Error('This driver has no second process: exempt it from the law, with the reason.');
  return other;
}
