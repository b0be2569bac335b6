import { promisify } from "node:util";
import zlib from "node:zlib";
import kafkajs from "kafkajs";
import { compressFrame } from "lz4-napi";
import snappy from "snappy";
import { decompressRecords } from "./decompress.ts";

const { CompressionCodecs, CompressionTypes } = kafkajs;

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const zstdCompress = promisify(zlib.zstdCompress);

const compressors: Record<"LZ4" | "Snappy" | "ZSTD", Codec["compress"]> = {
  LZ4: ({ buffer }) => compressFrame(buffer),
  Snappy: ({ buffer }) => snappy.compress(buffer),
  ZSTD: ({ buffer }) => zstdCompress(buffer),
};

/** kafkajs brings gzip alone and stops reading at the first batch of another kind; Debezium's topics are lz4 here. */
export function registerCodecs(): void {
  for (const [name, compress] of Object.entries(compressors)) {
    const type = CompressionTypes[name as keyof typeof compressors];
    const codec: Codec = { compress, decompress: async (buffer) => decompressRecords(type, buffer) };
    CompressionCodecs[type] = () => codec;
  }
}
