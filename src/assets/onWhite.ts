import { isOpaque } from '@/assets/alpha'
import { blankRaster } from '@/assets/raster'
import type { Raster } from '@/base/geometry'

/**
 * A picture as every model sees it: laid over white, opaque. An opaque picture is given back as it is, so that
 * identity tells whether there was anything to lay.
 */
export function overWhite(r: Raster): Raster {
  if (isOpaque(r)) return r
  const out = blankRaster(r.width, r.height)
  for (let i = 0; i < r.data.length; i += 4) {
    const alpha = r.data[i + 3] / 255
    for (let c = 0; c < 3; c++) out.data[i + c] = 255 + (r.data[i + c] - 255) * alpha
    out.data[i + 3] = 255
  }
  return out
}

/**
 * Takes an opaque picture that was made from `shown` back to transparency: it gets the alpha of `composite` and those
 * colours that look like it over white. Pixels that were not changed keep the bits of `real`, where `shown` is what
 * that looks like over white.
 */
export function backFromWhite(made: Raster, shown: Raster, real: Raster, composite: Raster): Raster {
  const out = blankRaster(made.width, made.height)
  const [now, before] = [made, shown].map(({ data }) => new Uint32Array(data.buffer, data.byteOffset))
  for (let pixel = 0; pixel < now.length; pixel++) {
    const i = pixel * 4
    const level = composite.data[i + 3]
    if (now[pixel] === before[pixel] && real.data[i + 3] === level) {
      for (let c = 0; c < 4; c++) out.data[i + c] = real.data[i + c]
      continue
    }
    out.data[i + 3] = level
    if (level === 0) continue
    for (let c = 0; c < 3; c++) out.data[i + c] = 255 + ((made.data[i + c] - 255) * 255) / level
  }
  return out
}
