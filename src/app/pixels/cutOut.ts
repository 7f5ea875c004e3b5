import { withoutDust } from '@/assets/alpha'
import { cutOutByCornerColour } from '@/assets/cutout'
import { grabCut } from '@/assets/grabCut'
import { cutOutObject } from '@/assets/objectCut'
import { unreachable } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { CutoutMethod } from '@/ui/studio'

/** Cuts a picture out; `scale` is px of `raster` per px of the asset that the method's lengths are given in. */
export async function cutOut(
  raster: Raster,
  method: CutoutMethod,
  scale: number,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Raster> {
  const cut = await byMethod(raster, method, scale, signal, onProgress)
  return method.clean ? withoutDust(cut) : cut
}

async function byMethod(
  raster: Raster,
  method: CutoutMethod,
  scale: number,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Raster> {
  switch (method.kind) {
    case 'object':
      return cutOutObject(raster, method.object, method.strokes, { signal, onProgress })
    case 'corner':
      return cutOutByCornerColour(raster, { tolerance: method.tolerance, feather: method.feather * scale })
    case 'box': {
      const { x, y, width, height } = method.box
      const box = { x: x * scale, y: y * scale, width: width * scale, height: height * scale }
      return grabCut(raster, box, { signal, onProgress })
    }
    default:
      return unreachable(method)
  }
}
