import { crc32 } from 'node:zlib';
import { FileAnswer } from './route.ts';

/** Rows as a CSV file, every value in quotes. */
export function csvFile(name: string, rows: string[][]): FileAnswer {
  const line = (row: string[]) => `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\r\n`;
  return new FileAnswer('text/csv; charset=utf-8', rows.map(line).join(''), { downloadName: name });
}

/** Files as an archive, stored without compression. */
export function zipFile(name: string, files: { path: string; bytes: Buffer }[]): FileAnswer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of files) {
    const encodedPath = Buffer.from(path, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt16LE(0x0800, 2); // names are UTF-8
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(encodedPath.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, encodedPath, bytes]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), common, place, encodedPath]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  const bytes = Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
  return new FileAnswer('application/zip', bytes, { downloadName: name });
}
