/** Pictures in formats that drop what is hardly seen: small files for the web, without a recipe. */
import { overWhite } from '@/assets/onWhite'
import { InlayError, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { LossyFormat } from '@/base/pictureFormats'

/** What the AVIF worker is sent, once. */
export interface AvifJob {
  raster: Raster
  quality: number
}
/** The file's bytes; null where the encoder gave none, words where it failed. */
export type AvifAnswer = Uint8Array<ArrayBuffer> | string | null

/**
 * @param raster the caller's no more: its pixels may be handed over
 * @param quality 0..1, as canvases have it
 * @throws unsupported where this browser has no such encoder, or it gives up; cancelled when `signal` fires
 */
export async function encodeAs(
  raster: Raster,
  format: LossyFormat,
  quality: number,
  signal: AbortSignal,
): Promise<Blob> {
  if (format === 'avif') return avifOf(raster, quality, signal)
  // JPEG has no transparency: what shines through is laid over white, as models see it.
  const { data, width, height } = format === 'jpeg' ? overWhite(raster) : raster
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d') ?? refuse(format)
  context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0)
  const file = await canvas.convertToBlob({ type: `image/${format}`, quality })
  // Browsers that cannot write a format give a PNG.
  return file.type === `image/${format}` ? file : refuse(format)
}

function avifOf(raster: Raster, quality: number, signal: AbortSignal): Promise<Blob> {
  if (signal.aborted) return Promise.reject(new InlayError(STOPPED))
  const worker = new Worker(new URL('./avifWorker.ts', import.meta.url), { type: 'module' })
  const done = new Promise<Blob>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new InlayError(STOPPED)))
    worker.onerror = (event) => {
      event.preventDefault()
      reject(failure('avif', event.message))
    }
    worker.onmessage = ({ data: answer }: MessageEvent<AvifAnswer>) => {
      if (answer instanceof Uint8Array) resolve(new Blob([answer], { type: 'image/avif' }))
      else reject(failure('avif', answer ?? undefined))
    }
    const job: AvifJob = { raster, quality }
    // Tens of megabytes: handed over, not copied.
    worker.postMessage(job, [raster.data.buffer])
  })
  return done.finally(() => worker.terminate())
}

const STOPPED: Problem = {
  code: 'cancelled',
  message: 'The picture was not written.',
  hint: 'Export it again whenever you like.',
}

function failure(format: LossyFormat, detail?: string): InlayError {
  const name = format === 'webp' ? 'WebP' : format.toUpperCase()
  return new InlayError({
    code: 'unsupported',
    message: `This browser could not write the picture as ${name}.`,
    hint:
      format === 'avif'
        ? 'Its encoder comes when it is first used: try again online, or choose another format.'
        : 'Choose another format; PNG works everywhere.',
    ...(detail === undefined ? {} : { detail }),
  })
}

function refuse(format: LossyFormat): never {
  throw failure(format)
}
