/** Which installed packs a mode needs, which of them it takes, and how strongly. */
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
  /** Of autoencoders, text encoders and LoRAs: what they belong to; null or absent: not known. */
  base?: 'flux' | 'sd2' | null
  /** Set when the pack cannot be used. */
  problem: object | null
}

/** What can run: the built-in models (Mini, Painter), or a mode on imported packs. */
export type Engine = 'mini' | 'dreamfuse' | 'dreamo' | 'painter' | 'sd'

export const isBuiltIn = (engine: Engine): engine is 'mini' | 'painter' =>
  engine === 'mini' || engine === 'painter'

/** What a mode is made of. A LoRA's kind is its role. */
export type PartKind =
  | 'transformer'
  | 'clip'
  | 'clipTokenizer'
  | 't5'
  | 't5Tokenizer'
  | 'vae'
  | 'unet'
  | 'sdText'
  | 'sdVae'
  | 'scorer'
  | Exclude<LoraRole, 'other'>

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

export function engineOf(doc: Pick<FusionDocument, 'mode' | 'placeModel' | 'align'>): Engine {
  switch (doc.mode) {
    case 'place':
      return doc.placeModel
    case 'compose':
      return 'dreamo'
    case 'align':
      return doc.align.model
  }
}

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

/** The parts of Align on Stable Diffusion 2.x (specs: D-Fusion §2); the scorer ranks pictures and judges targets. */
export function sdParts(): Requirement[] {
  return [
    required('unet'),
    required('sdText'),
    required('clipTokenizer'),
    required('sdVae'),
    { kind: 'scorer', need: 'recommended', weight: 1 },
  ]
}

/** What the document's mode needs as it is set; nothing for the built-in models. */
export function requirementsOf(doc: FusionDocument): Requirement[] {
  switch (engineOf(doc)) {
    case 'mini':
    case 'painter':
      return []
    case 'sd':
      return sdParts()
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
    case 'unet':
      return pack.family === 'unet'
    case 'scorer':
      return pack.family === 'clip'
    case 'clip':
      return pack.family === 'clipText' && pack.base !== 'sd2'
    case 'sdText':
      return pack.family === 'clipText' && pack.base === 'sd2'
    case 't5':
      return pack.family === 't5'
    case 'vae':
      return pack.family === 'vae' && pack.base !== 'sd2'
    case 'sdVae':
      return pack.family === 'vae' && pack.base === 'sd2'
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

/** Whether an adapter fits what the document's mode runs on. */
export const fitsEngine = (pack: Pick<KnownPack, 'base'>, engine: Engine): boolean =>
  (pack.base === 'sd2') === (engine === 'sd')

/** What a mode is called by the recipes that it makes; its first part has the hash that they go by. */
const NAMES: Record<
  Exclude<Engine, 'mini' | 'painter'>,
  { main: PartKind; unnamed: string; with: string }
> = {
  dreamfuse: { main: 'transformer', unnamed: 'FLUX', with: ' + DreamFuse' },
  dreamo: { main: 'transformer', unnamed: 'FLUX', with: ' + DreamO' },
  sd: { main: 'unet', unnamed: 'Stable Diffusion', with: '' },
}

/** The packs that the document's mode would take now, as a recipe names them, and what is missing. */
export function chooseModel(
  doc: FusionDocument,
  builtIn: ModelRef,
  packs: readonly KnownPack[],
): ModelChoice {
  const engine = engineOf(doc)
  if (isBuiltIn(engine)) return { model: { ...builtIn }, missing: [] }
  const chosen: Partial<Record<PartKind, string | null>> = {
    transformer: doc.transformer,
    unet: doc.align.unet,
  }
  const parts: ModelPart[] = []
  const missing: Requirement[] = []
  const take = ({ family, name, hash }: KnownPack, weight: number) => {
    if (!parts.some((part) => part.hash === hash)) parts.push({ family, name, hash, weight })
  }
  for (const requirement of requirementsOf(doc)) {
    const { kind, need, weight } = requirement
    const pack = findPack(packs, kind, chosen[kind] ?? null)
    if (!pack) missing.push(requirement)
    else if (need !== 'optional') take(pack, weight)
  }
  for (const { hash, weight } of doc.loras) {
    const pack = packs.find((one) => one.hash === hash && one.family === 'lora' && one.problem === null)
    if (pack && fitsEngine(pack, engine)) take(pack, weight)
  }
  const names = NAMES[engine]
  const main = parts.find(({ hash }) =>
    packs.some((pack) => pack.hash === hash && isOfKind(pack, names.main)),
  )
  return {
    model: { name: `${main?.name ?? names.unnamed}${names.with}`, hash: main?.hash ?? '', parts },
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
  unet: 'a Stable Diffusion 2 U-Net',
  sdText: 'its OpenCLIP-H text encoder',
  sdVae: 'its autoencoder (VAE)',
  scorer: 'a CLIP model that scores pictures',
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

const MODE_NAMES: Record<Exclude<Engine, 'mini' | 'painter'>, string> = {
  dreamfuse: 'DreamFuse',
  dreamo: 'Compose',
  sd: 'Align',
}

export interface ModelReadiness {
  /** Why the mode cannot run for lack of packs; empty when it can. */
  reasons: string[]
  /** What runs otherwise than somebody may expect. */
  warnings: string[]
}

/** Says in words what is missing for the document's mode. */
export function modelReadiness(doc: FusionDocument, packs: readonly KnownPack[]): ModelReadiness {
  const engine = engineOf(doc)
  if (isBuiltIn(engine)) return { reasons: [], warnings: [] }
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
