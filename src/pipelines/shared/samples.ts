/** Between pictures and what networks read and write. */
import type { Samples } from '@/assets/pilResize'
import type { Raster } from '@/base/geometry'

/** Colours over white by alpha, rounded as an 8-bit blend through the inverted mask is. */
export function onWhite({ width, height, data }: Raster): Samples {
  const out = new Uint8ClampedArray(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[4 * pixel + 3]
    for (let c = 0; c < 3; c++) {
      const sum = data[4 * pixel + c] * alpha + 255 * (255 - alpha) + 128
      out[3 * pixel + c] = (sum + (sum >> 8)) >> 8
    }
  }
  return { width, height, channels: 3, data: out }
}

/** Three channels as a picture. */
export function opaque({ width, height, data }: Samples): Raster {
  const out = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let c = 0; c < 3; c++) out[4 * pixel + c] = data[3 * pixel + c]
  return { width, height, data: out }
}

/** 8-bit samples -> planar in [-1,1]: x/127.5 - 1. */
export function signedPlanes({ channels, data }: Samples): Float32Array {
  const area = data.length / channels
  const out = new Float32Array(data.length)
  for (let pixel = 0; pixel < area; pixel++)
    for (let c = 0; c < channels; c++) out[c * area + pixel] = data[pixel * channels + c] / 127.5 - 1
  return out
}

/** Planar in [-1,1] -> interleaved 8-bit; how a fraction is rounded differs between the releases. */
export function toBytes(
  planes: Float32Array,
  round: (value: number) => number,
): Uint8ClampedArray<ArrayBuffer> {
  const area = planes.length / 3
  const data = new Uint8ClampedArray(planes.length)
  for (let c = 0; c < 3; c++)
    for (let pixel = 0; pixel < area; pixel++)
      data[3 * pixel + c] = round((planes[c * area + pixel] + 1) * 127.5)
  return data
}
