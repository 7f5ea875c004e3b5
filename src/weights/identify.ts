/** What a group of files is, found from headers and side files alone. */
import * as v from 'valibot'

import { fail, unreachable } from '@/base/errors'
import {
  PackManifest,
  type ClipConfig,
  type ClipTextConfig,
  type FluxConfig,
  type InstalledUnetConfig,
  type LoraConfig,
  type T5Config,
  type TokenizerConfig,
  type VaeConfig,
} from '@/schema/pack'
import { adapterFacts, type AdapterFacts } from '@/weights/adapterFacts'
import type { ByteSource } from '@/weights/bytes'
import { openCheckpoint, readJson, type Checkpoint } from '@/weights/checkpoint'
import { checkLayout, type Layout, type Shapes } from '@/weights/layout'
import { openAdapter } from '@/weights/lora'
import { layoutOf, networksOf, networkWords, type NetworkFamily } from '@/weights/networks'
import { refuseFormat, refuseTensors } from '@/weights/unsupported'

interface Common {
  /** The files that the import reads; side files that it does not need are left out. */
  files: readonly ByteSource[]
  /** A guess for its name. */
  name: string
  /** "FLUX transformer, diffusers layout, 19 + 38 blocks" */
  description: string
  parameters: number
  licence: string
  /** The kind of model that it is a part of, where that can be told. */
  base: ModelBase | null
}

/** FLUX.1, or Stable Diffusion 2. */
export type ModelBase = LoraConfig['base']

export type Identified =
  | (Common & { kind: 'network'; family: Layout['family']; layout: Layout; checkpoint: Checkpoint })
  | (Common & { kind: 'lora'; family: 'lora'; config: LoraConfig })
  | (Common & { kind: 'tokenizer'; family: 'tokenizer'; config: TokenizerConfig })
  | (Common & {
      kind: 'pack'
      family: PackManifest['family']
      manifest: PackManifest
      manifestFile: ByteSource
    })

const MANIFEST = 'manifest.json'

/**
 * The networks in files that belong together, where there are several: a single file of Stable Diffusion holds three,
 * a CLIP model is also a text encoder. Empty for everything else.
 * @throws as `identify`
 */
export async function partsOf(files: readonly ByteSource[], signal?: AbortSignal): Promise<NetworkFamily[]> {
  if (files.some(({ name }) => name === MANIFEST)) return []
  const weights = files.filter(({ name }) => !name.endsWith('.json'))
  for (const source of weights) await refuseFormat(source)
  if (weights.length === 0) return []
  const checkpoint = await openCheckpoint(files, signal)
  const names = weights.map(({ name }) => name)
  if (adapterFacts(checkpoint, names)) return []
  refuseTensors(checkpoint.entries, names[0])
  const parts = networksOf(checkpoint.entries)
  // A file around a U-Net or a transformer that cannot be used is refused as a whole.
  if (parts.length > 1) layoutOf(parts[0], checkpoint, names)
  return parts.length > 1 ? parts : []
}

/**
 * Reads headers and JSON of files that belong together (`groupFiles`) and says what they are.
 * @param part which of `partsOf` is meant; null: the only one, or the first
 * @throws unsupported for known formats that cannot be used, with the reason; bad-weights for broken or unknown files,
 * naming the first tensor that is missing or has another shape
 */
export async function identify(
  files: readonly ByteSource[],
  signal?: AbortSignal,
  part: NetworkFamily | null = null,
): Promise<Identified> {
  const json = files.filter(({ name }) => name.endsWith('.json'))
  const weights = files.filter(({ name }) => !name.endsWith('.json'))
  for (const source of weights) await refuseFormat(source)
  const manifestFile = json.find(({ name }) => name === MANIFEST)
  if (manifestFile) return identifyPack(files, manifestFile, signal)
  if (weights.length === 0) return identifyTokenizer(json, signal)

  const checkpoint = await openCheckpoint(files, signal)
  const title = weights[0].name
  const names = weights.map(({ name }) => name)
  const facts = adapterFacts(checkpoint, names)
  if (facts) return identifyAdapter(files, checkpoint, facts)
  const shapes = checkpoint.entries
  refuseTensors(shapes, title)
  const parts = networksOf(shapes)
  const family = parts.find((one) => one === part) ?? parts[0]
  if (parts.length === 0)
    return fail(
      'bad-weights',
      `“${title}” is no model that Inlay knows.`,
      'Inlay takes FLUX.1 transformers, U-Nets of Stable Diffusion 2, their LoRAs, CLIP and T5 v1.1 text encoders, autoencoders and tokenizer.json files.',
      `first tensors: ${[...shapes.keys()].slice(0, 4).join(', ')}`,
    )
  const layout = layoutOf(family, checkpoint, names)
  checkLayout(checkpoint, layout)
  return {
    kind: 'network',
    family,
    files,
    layout,
    checkpoint,
    name: parts.length > 1 ? `${stem(title)}, ${networkWords(family)}` : stem(title),
    ...describe(layout),
    parameters: [...layout.tensors.values()].reduce((sum, { shape }) => sum + product(shape), 0),
    base: baseOf(layout),
  }
}

async function identifyAdapter(
  files: readonly ByteSource[],
  checkpoint: Checkpoint,
  { dialect, rank, alpha, role, base, problem }: AdapterFacts,
): Promise<Identified> {
  const title = files.find(({ name }) => !name.endsWith('.json'))?.name ?? ''
  if (base === null)
    return fail(
      'unsupported',
      `“${title}” is an adapter for ${problem}.`,
      'Choose an adapter that was made for FLUX.1 [dev] or for Stable Diffusion 2.',
      `first tensors: ${[...checkpoint.entries.keys()].slice(0, 3).join(', ')}`,
    )
  // What it adapts is known from its names alone, so everything else that can be wrong with it is told now.
  if (base === 'sd2') await openAdapter(checkpoint, alpha, base)
  return {
    kind: 'lora',
    family: 'lora',
    files,
    config: { role, base, alpha, rank },
    name: stem(title),
    description: `LoRA for ${base === 'flux' ? 'FLUX' : 'Stable Diffusion 2'}, ${dialect} names, rank ${rank}`,
    parameters: countNumbers(checkpoint.entries),
    licence: 'As its author says',
    base,
  }
}

/** @param config a network's, whatever its family */
export function baseOf({ family, config }: Pick<Layout, 'family' | 'config'>): ModelBase | null {
  switch (family) {
    case 'fluxDit':
    case 't5':
      return 'flux'
    case 'unet':
      return 'sd2'
    case 'clip':
      return null
    case 'clipText':
      // OpenAI's CLIP is FLUX's, OpenCLIP is Stable Diffusion's.
      return (config as ClipTextConfig).activation === 'gelu' ? 'sd2' : 'flux'
    case 'vae':
      return (config as VaeConfig).latentChannels === 16 ? 'flux' : 'sd2'
    default:
      return unreachable(family)
  }
}

function describe(layout: Layout): { description: string; licence: string } {
  switch (layout.family) {
    case 'fluxDit': {
      const { doubleBlocks, singleBlocks, guidance } = layout.config as FluxConfig
      return {
        description: `FLUX transformer, ${layout.dialect}, ${doubleBlocks} + ${singleBlocks} blocks`,
        licence: guidance
          ? 'FLUX.1 [dev] Non-Commercial License, unless its author says otherwise'
          : 'As its author says',
      }
    }
    case 'unet': {
      const { prediction, fewSteps } = layout.config as InstalledUnetConfig
      const predicts = prediction === 'epsilon' ? 'predicts noise' : 'predicts v'
      return {
        description: `Stable Diffusion 2 U-Net, ${layout.dialect}, ${predicts}${fewSteps ? ', few steps' : ''}`,
        licence: fewSteps
          ? 'As its author says'
          : 'CreativeML Open RAIL++-M, unless its author says otherwise',
      }
    }
    case 't5': {
      const { layers, width } = layout.config as T5Config
      return {
        description: `T5 v1.1 encoder, ${layers} layers of ${width}`,
        licence: 'Apache-2.0, unless its author says otherwise',
      }
    }
    case 'clipText': {
      const { layers, width } = layout.config as ClipTextConfig
      return {
        description: `CLIP text encoder, ${layers} layers of ${width}`,
        licence: 'MIT, unless its author says otherwise',
      }
    }
    case 'clip': {
      const { text, vision } = layout.config as ClipConfig
      return {
        description: `CLIP for scores, text ${text.layers} layers of ${text.width}, pictures ${vision.layers} of ${vision.width}`,
        licence: 'MIT, unless its author says otherwise',
      }
    }
    case 'vae':
      return {
        description: `Autoencoder, ${layout.dialect}, ${(layout.config as VaeConfig).latentChannels} latent channels`,
        licence: 'As its author says',
      }
    default:
      return unreachable(layout.family)
  }
}

/** Which network a tokenizer.json is for, or null where it is none: CLIP's is byte-pair, T5's a unigram model. */
export function tokenizerOf(json: unknown): TokenizerConfig['of'] | null {
  const model = (json as { model?: { type?: unknown; vocab?: unknown; merges?: unknown } | null } | null)
    ?.model
  if (typeof model !== 'object' || model === null) return null
  const isUnigram = model.type === 'Unigram' || (model.type === undefined && Array.isArray(model.vocab))
  if (isUnigram) return 't5'
  return model.type === 'BPE' || Array.isArray(model.merges) ? 'clip' : null
}

async function identifyTokenizer(files: readonly ByteSource[], signal?: AbortSignal): Promise<Identified> {
  for (const source of files) {
    const of = tokenizerOf(await readJson(source, signal))
    if (of)
      return {
        kind: 'tokenizer',
        family: 'tokenizer',
        files: [source],
        config: { of },
        name: of === 'clip' ? 'CLIP tokenizer' : 'T5 tokenizer',
        description: of === 'clip' ? 'Tokenizer of CLIP (byte-pair)' : 'Tokenizer of T5 (unigram)',
        parameters: 0,
        licence: 'As its author says',
        base: null,
      }
  }
  return fail(
    'bad-weights',
    `“${files[0]?.name ?? ''}” is no model that Inlay knows.`,
    'Choose the safetensors files themselves; of JSON files only a tokenizer.json is a model of its own.',
  )
}

async function identifyPack(
  files: readonly ByteSource[],
  manifestFile: ByteSource,
  signal?: AbortSignal,
): Promise<Identified> {
  const parsed = v.safeParse(PackManifest, await readJson(manifestFile, signal))
  if (!parsed.success)
    return fail(
      'bad-manifest',
      'The manifest of this pack is broken.',
      'Copy the pack again from where it came.',
      `${v.getDotPath(parsed.issues[0]) ?? '(root)'}: ${parsed.issues[0].message}`,
    )
  const manifest = parsed.output
  if (manifest.family === 'mini' || manifest.family === 'painter')
    return fail(
      'unsupported',
      'This is the built-in model, which is there already.',
      'Nothing needs to be imported.',
    )
  for (const shard of manifest.shards) {
    if (/^(?:\.|(?:manifest|about|import)\.json$)/.test(shard.file))
      fail(
        'bad-manifest',
        'The manifest of this pack is broken.',
        'Copy the pack again.',
        `shard "${shard.file}"`,
      )
    const found = files.find(({ name }) => name === shard.file)
    if (!found || found.size !== shard.bytes)
      fail(
        'bad-weights',
        found ? `The file "${shard.file}" has the wrong size.` : `The file "${shard.file}" is missing.`,
        'Choose all files of the pack together.',
        `expected ${shard.bytes} bytes${found ? `, found ${found.size}` : ''}`,
      )
  }
  const about = files.find(({ name }) => name === 'about.json')
  const shards = files.filter(({ name }) => manifest.shards.some(({ file }) => file === name))
  const given = about ? ((await readJson(about, signal)) as { name?: unknown } | null)?.name : null
  return {
    kind: 'pack',
    family: manifest.family,
    files: shards,
    manifest,
    manifestFile,
    name: typeof given === 'string' ? given.slice(0, 200) : manifest.name,
    description: `Inlay pack: ${manifest.name}`,
    parameters: Object.values(manifest.tensors).reduce((sum, { shape }) => sum + product(shape), 0),
    licence: manifest.licence,
    base: baseOfManifest(manifest),
  }
}

/** The kind of model that a pack is a part of, where that can be told. */
export function baseOfManifest(manifest: PackManifest): ModelBase | null {
  switch (manifest.family) {
    case 'lora':
      return manifest.config.base
    case 'mini':
    case 'painter':
    case 'tokenizer':
      return null
    default:
      return baseOf(manifest)
  }
}

const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1)

const countNumbers = (shapes: Shapes): number =>
  [...shapes.values()].reduce((sum, { shape }) => sum + product(shape), 0)

/** A file's name without its ending and the number of its shard. */
const stem = (file: string): string =>
  file
    .replace(/\.(?:safetensors|json)$/i, '')
    .replace(/-\d{5}-of-\d{5}$/, '')
    .slice(0, 200)
