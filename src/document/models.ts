/** Which installed packs a FLUX mode needs, which of them it takes, and how strongly. */
import type { FusionDocument } from '@/schema/document'
import type { LoraRole } from '@/schema/pack'
import type { ModelPart, ModelRef } from '@/schema/recipe'

/** What this folder knows of an installed pack; the models worker's list has it. */
export interface KnownPack {
  family: ModelPart['family']
  name: string
  /** sha256 of the manifest. */
  hash: string
  importedAt: number
  role: LoraRole | null
  tokenizerOf: 'clip' | 't5' | null
  /** Set when the pack cannot be used. */
  problem: object | null
}

/** What can run: the built-in model, or one of the FLUX modes. */
export type Engine = 'mini' | 'dreamfuse' | 'dreamo'

/** What a FLUX mode is made of. A LoRA's kind is its role. */
export type PartKind =
  'transformer' | 'clip' | 'clipTokenizer' | 't5' | 't5Tokenizer' | 'vae' | Exclude<LoraRole, 'other'>

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

export const engineOf = (doc: Pick<FusionDocument, 'mode' | 'placeModel'>): Engine =>
  doc.mode === 'compose' ? 'dreamo' : doc.placeModel

const required = (kind: PartKind, weight = 1): Requirement => ({ kind, need: 'required', weight })

/** The parts of Place with DreamFuse (specs: DreamFuse §6, §7). */
export function dreamfuseParts(turbo: boolean): Requirement[] {
  return [
    required('transformer'),
    required('dreamfuse'),
    required('clip'),
    required('vae'),
    { kind: 'clipTokenizer', need: 'perPrompt', weight: 1 },
    { kind: 't5', need: 'perPrompt', weight: 1 },
    { kind: 't5Tokenizer', need: 'perPrompt', weight: 1 },
    { kind: 'turbo', need: turbo ? 'recommended' : 'optional', weight: 1 },
  ]
}

/** The parts of Compose with DreamO (specs: DreamO §6). */
export function dreamoParts({ version, turbo }: FusionDocument['preset']): Requirement[] {
  const preset: [PartKind, number][] =
    version === 'v1'
      ? [
          ['dreamo-quality-pos', 0.15],
          ['dreamo-quality-neg', -0.8],
        ]
      : [
          ['dreamo-sft', 1],
          ['dreamo-dpo', 1.25],
        ]
  return [
    required('transformer'),
    required('dreamo'),
    required('t5'),
    required('t5Tokenizer'),
    required('clip'),
    required('clipTokenizer'),
    required('vae'),
    { kind: 'dreamo-cfg-distill', need: 'recommended', weight: 1 },
    ...preset.map(([kind, weight]) => ({ kind, need: 'recommended' as const, weight })),
    { kind: 'turbo', need: turbo ? 'recommended' : 'optional', weight: 1 },
  ]
}

/** What the document's mode needs as it is set; nothing for the built-in model. */
export function requirementsOf(doc: FusionDocument): Requirement[] {
  switch (engineOf(doc)) {
    case 'mini':
      return []
    case 'dreamfuse':
      return dreamfuseParts(doc.fluxPlace.turbo)
    case 'dreamo':
      return dreamoParts(doc.preset)
  }
}

/** Whether a pack is of a kind. */
export function isOfKind(pack: KnownPack, kind: PartKind): boolean {
  switch (kind) {
    case 'transformer':
      return pack.family === 'fluxDit'
    case 'clip':
      return pack.family === 'clipText'
    case 't5':
      return pack.family === 't5'
    case 'vae':
      return pack.family === 'vae'
    case 'clipTokenizer':
      return pack.family === 'tokenizer' && pack.tokenizerOf === 'clip'
    case 't5Tokenizer':
      return pack.family === 'tokenizer' && pack.tokenizerOf === 't5'
    default:
      return pack.family === 'lora' && pack.role === kind
  }
}

const newest = <P extends KnownPack>(packs: readonly P[]): P | null =>
  packs.reduce<P | null>((best, pack) => (best && best.importedAt >= pack.importedAt ? best : pack), null)

/** The usable pack of a kind: the one of this hash where there is one, else the newest; null where there is none. */
export function findPack<P extends KnownPack>(
  packs: readonly P[],
  kind: PartKind,
  hash: string | null = null,
): P | null {
  const usable = packs.filter((pack) => pack.problem === null && isOfKind(pack, kind))
  return usable.find((pack) => pack.hash === hash) ?? newest(usable)
}

export interface ModelChoice {
  model: ModelRef
  missing: Requirement[]
}

/** The packs that the document's mode would take now, as a recipe names them, and what is missing. */
export function chooseModel(
  doc: FusionDocument,
  builtIn: ModelRef,
  packs: readonly KnownPack[],
): ModelChoice {
  const engine = engineOf(doc)
  if (engine === 'mini') return { model: { ...builtIn }, missing: [] }
  const parts: ModelPart[] = []
  const missing: Requirement[] = []
  const take = ({ family, name, hash }: KnownPack, weight: number) => {
    if (!parts.some((part) => part.hash === hash)) parts.push({ family, name, hash, weight })
  }
  for (const requirement of requirementsOf(doc)) {
    const { kind, need, weight } = requirement
    const pack = findPack(packs, kind, kind === 'transformer' ? doc.transformer : null)
    if (!pack) missing.push(requirement)
    else if (need !== 'optional') take(pack, weight)
  }
  for (const { hash, weight } of doc.loras) {
    const pack = packs.find((one) => one.hash === hash && one.family === 'lora' && one.problem === null)
    if (pack) take(pack, weight)
  }
  const transformer = parts.find((part) => part.family === 'fluxDit')
  const lora = engine === 'dreamfuse' ? 'DreamFuse' : 'DreamO'
  return {
    model: { name: `${transformer?.name ?? 'FLUX'} + ${lora}`, hash: transformer?.hash ?? '', parts },
    missing,
  }
}

/** What a part is called in sentences. */
export const PART_WORDS: Record<PartKind, string> = {
  transformer: 'the FLUX transformer',
  clip: 'the CLIP-L text encoder',
  clipTokenizer: 'the CLIP tokenizer',
  t5: 'the T5 text encoder',
  t5Tokenizer: 'the T5 tokenizer',
  vae: 'the FLUX autoencoder (VAE)',
  dreamfuse: 'the DreamFuse LoRA',
  dreamo: 'the DreamO LoRA',
  'dreamo-cfg-distill': 'the DreamO CFG-distill LoRA',
  'dreamo-quality-pos': 'the DreamO quality LoRA (positive)',
  'dreamo-quality-neg': 'the DreamO quality LoRA (negative)',
  'dreamo-sft': 'the DreamO SFT LoRA',
  'dreamo-dpo': 'the DreamO DPO LoRA',
  turbo: 'a turbo LoRA',
}

/** The first of many, so that a sentence stays one. */
const someWords = (words: readonly string[]): string =>
  listWords(words.length > 4 ? [...words.slice(0, 3), `${words.length - 3} more`] : words)

/** "a", "a and b", "a, b and c". */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

const MODE_NAMES: Record<Exclude<Engine, 'mini'>, string> = { dreamfuse: 'DreamFuse', dreamo: 'Compose' }

export interface ModelReadiness {
  /** Why the mode cannot run for lack of packs; empty when it can. */
  reasons: string[]
  /** What runs otherwise than somebody may expect. */
  warnings: string[]
}

/** Says in words what is missing for the document's mode. */
export function modelReadiness(doc: FusionDocument, packs: readonly KnownPack[]): ModelReadiness {
  const engine = engineOf(doc)
  if (engine === 'mini') return { reasons: [], warnings: [] }
  const { missing } = chooseModel(doc, { name: '', hash: '', parts: [] }, packs)
  const words = (need: Need) => missing.filter((one) => one.need === need).map(({ kind }) => PART_WORDS[kind])
  const [blocking, perPrompt, recommended] = [words('required'), words('perPrompt'), words('recommended')]
  const reasons =
    blocking.length > 0 ? [`${MODE_NAMES[engine]} needs ${someWords(blocking)}: open Models.`] : []
  const warnings: string[] = []
  if (perPrompt.length > 0)
    warnings.push(`Without ${listWords(perPrompt)} only prompts that have run before can be used.`)
  if (recommended.length > 0) warnings.push(`Runs without ${listWords(recommended)}: not installed.`)
  const lost = doc.loras.filter(({ hash }) => !packs.some((pack) => pack.hash === hash && !pack.problem))
  if (lost.length > 0)
    warnings.push(`Runs without ${listWords(lost.map(({ name }) => `“${name}”`))}: not installed.`)
  return { reasons, warnings }
}
