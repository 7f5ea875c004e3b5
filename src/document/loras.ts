import type { KnownPack } from '@/document/packs'
import { MAX_LORAS } from '@/schema/document'
import type { ModelRef } from '@/schema/modelRef'

/** The LoRAs of a recipe that are no part of a model by themselves, and the roles of those that are. */
export function lorasOf(model: ModelRef, packs: readonly KnownPack[]) {
  const parts = model.parts.filter(({ family }) => family === 'lora')
  const roleOf = (hash: string) => packs.find((pack) => pack.hash === hash)?.role ?? null
  return {
    roles: new Set(parts.map(({ hash }) => roleOf(hash))),
    extra: parts
      .filter(({ hash }) => roleOf(hash) === 'other')
      .map(({ hash, name, weight }) => ({ hash, name, weight }))
      .slice(0, MAX_LORAS),
  }
}
