/** What a group of files is, found from headers and side files alone. */
import * as v from 'valibot'

import { fail } from '@/base/errors'
import { PackManifest, type LoraConfig, type TokenizerConfig } from '@/schema/pack'
import { adapterFacts } from '@/weights/adapterFacts'
import type { ByteSource } from '@/weights/bytes'
import { openCheckpoint, readJson, type Checkpoint } from '@/weights/checkpoint'
import { clipTextLayout, findClipText } from '@/weights/clipLayout'
import { findFlux, fluxLayout } from '@/weights/fluxLayout'
import { checkLayout, type Layout, type Shapes } from '@/weights/layout'
import { findT5, t5Layout } from '@/weights/t5Layout'
import { refuseFormat, refuseTensors } from '@/weights/unsupported'
import { findVae, vaeLayout } from '@/weights/vaeLayout'

interface Common {
  /** The files that the import reads; side files that it does not need are left out. */
  files: readonly ByteSource[]
  /** A guess for its name. */
  name: string
  /** "FLUX transformer, diffusers layout, 19 + 38 blocks" */
  description: string
  parameters: number
  licence: string
}

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
 * Reads headers and JSON of files that belong together (`groupFiles`) and says what they are.
 * @throws unsupported for known formats that cannot be used, with the reason; bad-weights for broken or unknown files,
 * naming the first tensor that is missing or has another shape
 */
export async function identify(files: readonly ByteSource[], signal?: AbortSignal): Promise<Identified> {
  const json = files.filter(({ name }) => name.endsWith('.json'))
  const weights = files.filter(({ name }) => !name.endsWith('.json'))
  for (const source of weights) await refuseFormat(source)
  const manifestFile = json.find(({ name }) => name === MANIFEST)
  if (manifestFile) return identifyPack(files, manifestFile, signal)
  if (weights.length === 0) return identifyTokenizer(json, signal)

  const checkpoint = await openCheckpoint(files, signal)
  const title = weights[0].name
  const shapes = checkpoint.entries
  const facts = adapterFacts(
    checkpoint,
    weights.map(({ name }) => name),
  )
  if (facts) {
    if (!facts.isFlux)
      fail(
        'unsupported',
        `“${title}” is an adapter for another network than FLUX.`,
        'Choose an adapter that was made for FLUX.1 [dev].',
        `first tensors: ${[...shapes.keys()].slice(0, 3).join(', ')}`,
      )
    const { dialect, rank, alpha, role } = facts
    return {
      kind: 'lora',
      family: 'lora',
      files,
      config: { role, alpha, rank },
      name: stem(title),
      description: `LoRA for FLUX, ${dialect} names, rank ${rank}`,
      parameters: countNumbers(shapes),
      licence: 'As its author says',
    }
  }
  refuseTensors(shapes, title)
  const layout = networkOf(checkpoint)
  if (!layout)
    return fail(
      'bad-weights',
      `“${title}” is no model that Inlay knows.`,
      'Inlay takes FLUX.1 transformers and their LoRAs, CLIP-L and T5 v1.1 text encoders, autoencoders and tokenizer.json files.',
      `first tensors: ${[...shapes.keys()].slice(0, 4).join(', ')}`,
    )
  checkLayout(checkpoint, layout)
  const { description, licence } = describe(layout)
  return {
    kind: 'network',
    family: layout.family,
    files,
    layout,
    checkpoint,
    name: stem(title),
    description,
    parameters: [...layout.tensors.values()].reduce((sum, { shape }) => sum + product(shape), 0),
    licence,
  }
}

function networkOf(checkpoint: Checkpoint): Layout | null {
  const { entries } = checkpoint
  if (findFlux(entries)) return fluxLayout(checkpoint)
  if (findT5(entries) !== null) return t5Layout(checkpoint)
  if (findClipText(entries) !== null) return clipTextLayout(checkpoint)
  if (findVae(entries)) return vaeLayout(checkpoint)
  return null
}

function describe(layout: Layout): { description: string; licence: string } {
  const config = layout.config as Record<string, number | boolean>
  switch (layout.family) {
    case 'fluxDit':
      return {
        description: `FLUX transformer, ${layout.dialect}, ${config.doubleBlocks} + ${config.singleBlocks} blocks`,
        licence: config.guidance
          ? 'FLUX.1 [dev] Non-Commercial License, unless its author says otherwise'
          : 'As its author says',
      }
    case 't5':
      return {
        description: `T5 v1.1 encoder, ${config.layers} layers of ${config.width}`,
        licence: 'Apache-2.0, unless its author says otherwise',
      }
    case 'clipText':
      return {
        description: `CLIP text encoder, ${config.layers} layers of ${config.width}`,
        licence: 'MIT, unless its author says otherwise',
      }
    case 'vae':
      return {
        description: `Autoencoder, ${layout.dialect}, ${config.latentChannels} latent channels`,
        licence: 'As its author says',
      }
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
  if (manifest.family === 'mini')
    fail(
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
