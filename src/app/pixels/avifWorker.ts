/** Encodes one picture as AVIF; a worker of its own, so that stopping it is ending it, and its memory goes with it. */
import encoder from '@jsquash/avif/codec/enc/avif_enc.js'

import type { AvifAnswer, AvifJob } from '@/app/pixels/encodeAs'

/** 0 is slowest, 10 fastest: a step further costs a few per cent of size and halves the time. */
const SPEED = 8
/** Colour at half the picture's size, as in most JPEGs; whole where nobody wants to lose any. */
const SUBSAMPLED = 1
const WHOLE = 3
const WHOLE_FROM = 0.9

async function encode({ raster: { data, width, height }, quality }: AvifJob): Promise<AvifAnswer> {
  const { encode: run } = await encoder({ noInitialRun: true })
  return run(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height, {
    quality: Math.round(quality * 100),
    // As good as colours are.
    qualityAlpha: -1,
    denoiseLevel: 0,
    tileColsLog2: 0,
    tileRowsLog2: 0,
    speed: SPEED,
    subsample: quality < WHOLE_FROM ? SUBSAMPLED : WHOLE,
    chromaDeltaQ: false,
    sharpness: 0,
    tune: 0,
    enableSharpYUV: false,
    bitDepth: 8,
    lossless: false,
  })
}

self.onmessage = ({ data }: MessageEvent<AvifJob>) => {
  encode(data).then(
    (answer) => postMessage(answer && answer.slice()),
    (error: unknown) => postMessage(String(error)),
  )
}
