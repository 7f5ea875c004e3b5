/** What can be made of installed packs: which pack is of which kind. */
import { PARTS, type FamilyId, type PartKind, type TokenizerKind } from '@/families/registry'
import type { LoraRole } from '@/schema/pack'
import type { ModelPart } from '@/schema/modelRef'

/** What this folder knows of an installed pack; the models worker's list has it. */
export interface KnownPack {
  family: ModelPart['family']
  name: string
  /** sha256 of the manifest. */
  hash: string
  importedAt: number
  role: LoraRole | null
  tokenizerOf: TokenizerKind | null
  /** Of autoencoders, text encoders and LoRAs: what they belong to; null or absent: not known. */
  base?: FamilyId | null
  /** Of FLUX.2's transformers and text encoders: numbers of a text's token. */
  textWidth?: number
  /** Set when the pack cannot be used. */
  problem: object | null
}

/**
 * required: without it the mode cannot run. perPrompt: needed once for every new prompt, kept afterwards.
 * recommended: belongs to the chosen preset. optional: an addition.
 */
export type Need = 'required' | 'perPrompt' | 'recommended' | 'optional'

export interface Requirement {
  kind: PartKind
  need: Need
  /** Strength of a LoRA; 1 for all else. */
  weight: number
}

export const required = (kind: PartKind, weight = 1): Requirement => ({ kind, need: 'required', weight })

/** Whether a pack is of a kind. */
export const isOfKind = (pack: KnownPack, kind: PartKind): boolean => PARTS[kind].matches(pack)

const newest = <P extends KnownPack>(packs: readonly P[]): P | null =>
  packs.reduce<P | null>((best, pack) => (best && best.importedAt >= pack.importedAt ? best : pack), null)

/**
 * The usable pack of a kind: the one of this hash where there is one, else the newest of those whose names are preferred, else the
 * newest; null where there is none.
 */
export function findPack<P extends KnownPack>(
  packs: readonly P[],
  kind: PartKind,
  hash: string | null = null,
  prefers: (name: string) => boolean = () => true,
): P | null {
  const usable = packs.filter((pack) => pack.problem === null && isOfKind(pack, kind))
  return (
    usable.find((pack) => pack.hash === hash) ??
    newest(usable.filter(({ name }) => prefers(name))) ??
    newest(usable)
  )
}

/** The packs that may go together with a main one: without the text encoders that were made for a wider or narrower one. */
export const fitting = <P extends KnownPack>(packs: readonly P[], main: KnownPack | null): P[] =>
  packs.filter(
    ({ family, textWidth }) =>
      family !== 'qwen3' || !textWidth || !main?.textWidth || textWidth === main.textWidth,
  )

/** Whether an adapter fits a model. */
export const fitsBase = (pack: Pick<KnownPack, 'base'>, base: FamilyId): boolean => pack.base === base
