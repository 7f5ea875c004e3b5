/** Compose on the built-in Painter-D: references are whole pictures on white, as it was taught them. */
import { replacePlaceholders } from '@/base/placeholders'
import { usesNegative, type ComposeModel } from '@/pipelines/compose/composeModel'
import type { FluxPicture } from '@/pipelines/flux/fluxPictures'
import type { Painter2 } from '@/pipelines/painter/painter2'
import { encodeForPainter, painterPictureModel } from '@/pipelines/painter/painterPictures'

export function painterCompose(painter: Painter2): ComposeModel {
  return {
    ...painterPictureModel(painter),
    // It was taught them with references alone; DreamO's picture has its own row without, too.
    referenceRows: async (references) => (references > 0 ? painter.referenceRows() : null),
    async readTexts({ prompt, compose: settings }, onPart, signal) {
      const prompts = [toldToPainter(prompt)]
      if (usesNegative(settings)) prompts.push(settings.negativePrompt)
      const texts = []
      for (const text of prompts) {
        const { context } = await painter.read(text, signal)
        texts.push({ context, pooled: new Float32Array() })
        onPart(texts.length, prompts.length)
      }
      return texts
    },
    async encode({ references }, onPart, signal) {
      const pictures: FluxPicture[] = []
      for (const reference of references) {
        pictures.push(await encodeForPainter(painter, reference, signal))
        onPart(pictures.length, references.length)
      }
      return pictures
    },
  }
}

/** It knows no names of references: it was told what the picture shows. */
export const toldToPainter = (prompt: string): string => replacePlaceholders(prompt, () => '')
