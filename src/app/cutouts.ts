import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import type { CutoutService } from '@/ui/studio'

/** Cut-outs for the dialog: the work happens in the pixel worker. */
export function createCutouts(pixels: Pixels, library: Library): CutoutService {
  return {
    open: (hash) => pixels.cutoutOpen(hash),
    preview: (hash, method, signal, onProgress) =>
      pixels.cutoutPreview(hash, method, pixels.cutoutPort(signal, onProgress)),
    async apply(hash, method, signal, onProgress) {
      const done = await pixels.cutoutApply(hash, method, pixels.cutoutPort(signal, onProgress))
      if (!done.ok) return done
      if (!done.value.content) {
        done.value.bitmap.close()
        void pixels.forget(done.value.asset.hash)
        return {
          ok: false,
          problem: {
            code: 'empty-foreground',
            message: 'Nothing would be left of the picture.',
            hint: 'Lower the tolerance, or draw the box more loosely around the object.',
          },
        }
      }
      library.add(done.value)
      return { ok: true, value: done.value.asset.hash }
    },
  }
}
