import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { decompressFrameSync } from "lz4-napi";
import { uncompressSync } from "snappy";

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER = 16;

/** Opens the records of one batch by the codec number of its attributes: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export function decompressRecords(codec: number, data: Buffer): Buffer {
  switch (codec) {
    case 0:
      return data;
    case 1:
      return gunzipSync(data);
    case 2:
      return snappy(data);
    case 3:
      return decompressFrameSync(data);
    case 4:
      return zstdDecompressSync(data);
    default:
      throw new Error(`Kafka names compression ${codec}, which is not known`);
  }
}

/** Java clients write snappy in Xerial's blocks; others write it bare. */
function snappy(data: Buffer): Buffer {
  if (!data.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return asBuffer(uncompressSync(data));
  const blocks: Buffer[] = [];
  let at = XERIAL_HEADER;
  while (at + 4 <= data.length) {
    const size = data.readInt32BE(at);
    blocks.push(asBuffer(uncompressSync(data.subarray(at + 4, at + 4 + size))));
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}

function asBuffer(data: string | Buffer): Buffer {
  return typeof data === "string" ? Buffer.from(data) : data;
}
