import * as v from 'valibot'

import { fail } from '@/base/errors'
import { shorten } from '@/base/names'
import { findPack, type KnownPack } from '@/document/packs'
import type { DocumentStore } from '@/document/store'
import { ExtraLora, MAX_LORAS } from '@/schema/document'

// Commands of what modes on imported packs share.

/** Adds an extra LoRA or sets its weight; null takes it out. Throws `bad-document` when there are too many. */
export function setLora(
  store: DocumentStore,
  lora: { hash: string; name: string },
  weight: number | null,
): void {
  const { loras } = store.getState().document
  const index = loras.findIndex(({ hash }) => hash === lora.hash)
  const next = { hash: lora.hash, name: shorten(lora.name, 200), weight: weight ?? 0 }
  if (!v.is(ExtraLora, next) || (weight === null && index < 0)) return
  if (weight !== null && index < 0 && loras.length >= MAX_LORAS)
    fail('bad-document', `At most ${MAX_LORAS} LoRAs can be added.`, 'Take one out first.')
  store.actions.apply(
    weight === null ? `Take out ${lora.name}` : index < 0 ? `Add ${lora.name}` : `Weight of ${lora.name}`,
    (draft) => {
      if (weight === null) draft.loras.splice(index, 1)
      else if (index < 0) draft.loras.push(next)
      else draft.loras[index].weight = weight
    },
    weight !== null && index >= 0 ? `lora:${lora.hash}` : undefined,
  )
}

/** Which of several installed FLUX transformers runs; null: the newest. */
export function setTransformer(store: DocumentStore, hash: string | null): void {
  if (store.getState().document.transformer === hash) return
  store.actions.apply('Change transformer', (draft) => {
    draft.transformer = hash
  })
}

/** Whether a turbo LoRA is there to make runs short. */
export const hasTurbo = (packs: readonly KnownPack[]): boolean => findPack(packs, 'turbo') !== null
