/** The one part of the package that is used: its encoder without threads (libavif). Its own types name what it does not bring. */
declare module '@jsquash/avif/codec/enc/avif_enc.js' {
  interface Options {
    /** 0..100, as libavif has it. */
    quality: number
    /** The same of transparency; -1: as good as colours. */
    qualityAlpha: number
    denoiseLevel: number
    tileColsLog2: number
    tileRowsLog2: number
    /** 0 slowest to 10. */
    speed: number
    /** 1: 4:2:0, 3: 4:4:4. */
    subsample: number
    chromaDeltaQ: boolean
    sharpness: number
    tune: number
    enableSharpYUV: boolean
    bitDepth: 8 | 10 | 12
    lossless: boolean
  }
  interface Encoder {
    /** @param data RGBA, straight alpha. The bytes are a view of the module's memory. */
    encode(data: Uint8Array, width: number, height: number, options: Options): Uint8Array<ArrayBuffer> | null
  }
  const start: (given: { noInitialRun: boolean }) => Promise<Encoder>
  // eslint-disable-next-line no-restricted-syntax -- it is the package's
  export default start
}
