import { crc32, deflateSync } from 'node:zlib';

/** Pixels as red, green, blue and opacity, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** A palette holds this many colours (PNG, colour type 3). */
const coloursMax = 256;
/** Neighbouring shades become one: six bits of each channel tell enough of a page. */
const shadeBits = 2;

/** A PNG with a palette: a fraction of the size of a full one, for pictures of flat colours and text. Opacity is dropped. */
export function smallPng({ width, height, rgba }: Pixels): Buffer {
  const shades = Uint32Array.from({ length: width * height }, (_, index) => shadeAt(rgba, index * 4));
  const palette = mostFrequent(shades);
  const indexOf = new Map<number, number>(palette.map((shade, index) => [shade, index]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shade = shades[y * width + x] ?? 0;
      const index = indexOf.get(shade) ?? nearest(shade, palette);
      indexOf.set(shade, index);
      rows[y * (width + 1) + 1 + x] = index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function shadeAt(rgba: Uint8Array, at: number): number {
  const round = (value = 0): number => Math.min(255, Math.round(value / 2 ** shadeBits) * 2 ** shadeBits);
  return (round(rgba[at]) << 16) | (round(rgba[at + 1]) << 8) | round(rgba[at + 2]);
}

function mostFrequent(shades: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const shade of shades) counts.set(shade, (counts.get(shade) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, coloursMax)
    .map(([shade]) => shade);
}

function channels(shade: number): number[] {
  return [shade >> 16, (shade >> 8) & 0xff, shade & 0xff];
}

function nearest(shade: number, palette: readonly number[]): number {
  const wanted = channels(shade);
  const distance = (other: number): number =>
    channels(other).reduce((sum, value, index) => sum + (value - (wanted[index] ?? 0)) ** 2, 0);
  return palette.reduce((best, other, index) => (distance(other) < distance(palette[best] ?? 0) ? index : best), 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
