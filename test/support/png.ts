// Reads a PNG as browsers and renderers write it: eight bits a channel, colour with or without alpha, not interlaced.
// Checksums are verified, so that a file that only looks like one is found out.
import assert from 'node:assert/strict';
import { crc32, inflateSync } from 'node:zlib';

export interface Png {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb` */
  readonly at: (x: number, y: number) => string;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

export function readPng(bytes: Uint8Array): Png {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.deepEqual(file.subarray(0, 8), SIGNATURE, 'the signature of a PNG');
  const parts: Buffer[] = [];
  let header: Buffer | undefined;
  let last = '';
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 8, at + 8 + length);
    last = file.toString('latin1', at + 4, at + 8);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(file.subarray(at + 4, at + 8 + length)), last);
    if (last === 'IHDR') header = body;
    if (last === 'IDAT') parts.push(body);
    at += length + 12;
  }
  assert.ok(header !== undefined && last === 'IEND', 'from its first chunk to its last');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = CHANNELS[header[9] as number];
  assert.ok(header[8] === 8 && channels !== undefined && header[12] === 0, 'a form that is read here');
  const pixels = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  const at = (x: number, y: number): string => {
    assert.ok(x >= 0 && x < width && y >= 0 && y < height, `${x} ${y} in ${width} ${height}`);
    const place = (Math.floor(y) * width + Math.floor(x)) * channels;
    return `#${pixels.subarray(place, place + 3).toString('hex')}`;
  };
  return { width, height, at };
}

/** Every row tells by its first byte from which neighbours its bytes are counted. */
function unfiltered(rows: Buffer, rowBytes: number, height: number, channels: number): Buffer {
  assert.equal(rows.length, (rowBytes + 1) * height, 'all rows');
  const pixels = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)];
    for (let x = 0; x < rowBytes; x++) {
      const to = y * rowBytes + x;
      const left = x >= channels ? (pixels[to - channels] as number) : 0;
      const up = y > 0 ? (pixels[to - rowBytes] as number) : 0;
      const corner = x >= channels && y > 0 ? (pixels[to - rowBytes - channels] as number) : 0;
      const by = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter as number];
      assert.ok(by !== undefined, `filter ${filter}`);
      pixels[to] = (rows[y * (rowBytes + 1) + 1 + x] as number) + by;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
