/** What a group of files is, found from headers and side files alone. */
import { fail } from '@/base/errors'
import type { Layout, Shapes } from '@/families/layout'
import {
  FAMILIES,
  FAMILY_IDS,
  familyOf,
  NETWORKS,
  networksIn,
  TOKENIZERS,
  tokenizerOf,
  type FamilyId,
  type NetworkFamily,
} from '@/families/registry'
import { MATTING, mattingOf, type MattingConfig } from '@/families/matting'
import {
  isBuiltIn,
  readPackManifest,
  type LoraConfig,
  type PackFamily,
  type PackManifest,
  type TokenizerConfig,
} from '@/schema/pack'
import type { ByteSource } from '@/weights/formats/bytes'
import { checkLayout } from '@/weights/formats/canonical'
import { openCheckpoint, readJson, type Checkpoint } from '@/weights/formats/checkpoint'
import { isOnnx, readOnnxHeader } from '@/weights/formats/onnxHeader'
import { refuseFormat, refuseRelatives } from '@/weights/import/unsupported'
import { adapterFacts, type AdapterFacts } from '@/weights/lora/adapterFacts'
import { fitAdapter, linearsOf, type AdapterTarget } from '@/weights/lora/adapterFit'
import { openAdapter } from '@/weights/lora/lora'

interface Common {
  /** The files that the import reads; side files that it does not need are left out. */
  files: readonly ByteSource[]
  /** A guess for its name. */
  name: string
  /** "FLUX transformer, diffusers layout, 19 + 38 blocks" */
  description: string
  /** What its manifest calls it: part of the hash that recipes name, so never worded anew. */
  recorded: string
  parameters: number
  licence: string
  /** The family that it is a part of, where that can be told. */
  base: FamilyId | null
  /** What people should know of it; sentences. */
  notes: readonly string[]
  /** What has to be said of it before it is imported; null: nothing. */
  question: ImportQuestion | null
}

export interface IdentifyOptions {
  signal?: AbortSignal
  /** Which of `partsOf` is meant; null: the only one, or the first. */
  part?: NetworkFamily | null
  /** Which answer to the question is taken, by number; null or absent: the usual one. */
  answer?: number | null
  /** Models that are here, besides the released ones, that an adapter may be for; null: it is not held against any. */
  targets?: readonly AdapterTarget[] | null
}

/** Something about files that only whoever brings them can say. */
export interface ImportQuestion {
  words: string
  answers: readonly string[]
  /** Which is taken where nobody answers, by number. */
  usual: number
}

export type Identified =
  | (Common & {
      kind: 'network'
      family: NetworkFamily
      layout: Layout
      checkpoint: Checkpoint
    })
  | (Common & { kind: 'lora'; family: 'lora'; config: LoraConfig })
  | (Common & { kind: 'tokenizer'; family: 'tokenizer'; config: TokenizerConfig })
  | (Common & { kind: 'matting'; family: 'matting'; config: MattingConfig })
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
  if (weights.some(isOnnx)) return []
  for (const source of weights) await refuseFormat(source)
  if (weights.length === 0) return []
  const checkpoint = await openCheckpoint(files, signal)
  const names = weights.map(({ name }) => name)
  if (adapterFacts(checkpoint, names)) return []
  refuseRelatives(checkpoint.entries, names[0])
  const parts = networksIn(checkpoint.entries)
  // A file around a U-Net or a transformer that cannot be used is refused as a whole.
  if (parts.length > 1) NETWORKS[parts[0]].layout(checkpoint, names)
  return parts.length > 1 ? parts : []
}

/**
 * Reads headers and JSON of files that belong together (`groupFiles`) and says what they are.
 * @throws unsupported for known formats that cannot be used, with the reason; bad-weights for broken or unknown files,
 * naming the first tensor that is missing or has another shape
 */
export async function identify(
  files: readonly ByteSource[],
  { signal, part = null, answer = null, targets = [] }: IdentifyOptions = {},
): Promise<Identified> {
  const json = files.filter(({ name }) => name.endsWith('.json'))
  const weights = files.filter(({ name }) => !name.endsWith('.json'))
  const onnx = weights.find(isOnnx)
  for (const source of weights) if (source !== onnx) await refuseFormat(source)
  const manifestFile = json.find(({ name }) => name === MANIFEST)
  if (manifestFile) return identifyPack(files, manifestFile, signal)
  if (onnx) return identifyMatting(onnx, signal)
  if (weights.length === 0) return identifyTokenizer(json, signal)

  const checkpoint = await openCheckpoint(files, signal)
  const title = weights[0].name
  if (checkpoint.metadata.format?.startsWith('inlay-texts'))
    fail('unsupported', `“${title}” holds texts, no model.`, 'Import it under “Texts for FLUX.2 [klein]”.')
  const names = weights.map(({ name }) => name)
  const facts = adapterFacts(checkpoint, names)
  if (facts) return identifyAdapter(files, checkpoint, facts, { targets, answer })
  const shapes = checkpoint.entries
  refuseRelatives(shapes, title)
  const parts = networksIn(shapes)
  const family = parts.find((one) => one === part) ?? parts[0]
  if (parts.length === 0)
    return fail(
      'bad-weights',
      `“${title}” is no model that Inlay knows.`,
      'Inlay takes transformers of FLUX.1 and FLUX.2 [klein], U-Nets of Stable Diffusion 2, their LoRAs, CLIP, T5 v1.1 and Qwen3 text encoders, autoencoders, tokenizer.json files, and networks that cut out as ONNX.',
      `first tensors: ${[...shapes.keys()].slice(0, 4).join(', ')}`,
    )
  const told = NETWORKS[family].layout(checkpoint, names)
  checkLayout(checkpoint, told)
  const question = NETWORKS[family].question?.(told.config) ?? null
  const layout = question
    ? { ...told, config: (question.answers[answer ?? 0] ?? question.answers[0]).config }
    : told
  const { description, licence } = NETWORKS[family].describe(layout.config, layout.dialect)
  return {
    kind: 'network',
    family,
    files,
    layout,
    checkpoint,
    name: parts.length > 1 ? `${stem(title)}, ${NETWORKS[family].words}` : stem(title),
    description,
    recorded: description,
    licence,
    parameters: [...layout.tensors.values()].reduce((sum, { shape }) => sum + product(shape), 0),
    base: familyOf(family, layout.config),
    notes: layout.notes,
    question: question && {
      words: question.words,
      answers: question.answers.map(({ words }) => words),
      usual: 0,
    },
  }
}

/** The released model that adapters of a family are for; other sizes are told by what is here. */
function releasedTarget(base: FamilyId): AdapterTarget {
  const { released, parameters } = FAMILIES[base].adapters
  return { base, name: released, linears: linearsOf(parameters()) }
}

async function identifyAdapter(
  files: readonly ByteSource[],
  checkpoint: Checkpoint,
  { dialect, rank, alpha, role, base: likely, alike, problem }: AdapterFacts,
  { targets, answer }: Pick<IdentifyOptions, 'targets' | 'answer'>,
): Promise<Identified> {
  const title = files.find(({ name }) => !name.endsWith('.json'))?.name ?? ''
  if (likely === null)
    return fail(
      'unsupported',
      `“${title}” is an adapter for ${problem}.`,
      `Choose an adapter that was made for ${FAMILY_IDS.map((id) => FAMILIES[id].name).join(' or for ')}.`,
      `first tensors: ${[...checkpoint.entries.keys()].slice(0, 3).join(', ')}`,
    )
  const question = alike && whichBase([likely, alike], targets ?? [])
  const base = question ? [likely, alike][answer ?? question.usual] : likely
  // Everything that can be wrong with it is told now, not when it is used.
  const adapter = await openAdapter(checkpoint, alpha, FAMILIES[base])
  const { name, adapters } = FAMILIES[base]
  const kind = `${dialect} names, rank ${rank}`
  const here = (targets ?? []).filter((target) => target.base === base)
  const misfits = targets === null ? [] : fitAdapter(adapter, [releasedTarget(base), ...here])
  return {
    kind: 'lora',
    family: 'lora',
    files,
    config: { role, base, alpha, rank },
    name: stem(title),
    description: `LoRA for ${name}, ${kind}`,
    recorded: `LoRA for ${adapters.recorded}, ${kind}`,
    parameters: countNumbers(checkpoint.entries),
    licence: 'As its author says',
    base,
    notes: [...adapter.notes, ...misfits],
    question,
  }
}

/** Which of two families, whose layers are alike, an adapter is for: usually the one of which a model is here. */
function whichBase(bases: readonly [FamilyId, FamilyId], targets: readonly AdapterTarget[]): ImportQuestion {
  const [one, other] = bases.map((id) => FAMILIES[id].name)
  const here = bases.map((id) => targets.some(({ base }) => base === id))
  return {
    words: `${one} and ${other} have layers of these names and sizes. It was made for`,
    answers: [one, other],
    usual: !here[0] && here[1] ? 1 : 0,
  }
}

/** What adapters can be for among networks, or null. */
export function targetOf(
  network: { name: string; family: PackFamily },
  tensors: Iterable<readonly [string, { shape: readonly number[] }]>,
): AdapterTarget | null {
  const base = FAMILY_IDS.find((id) => FAMILIES[id].adapters.network === network.family)
  return base ? { base, name: `“${network.name}”`, linears: linearsOf(tensors) } : null
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
        name: TOKENIZERS[of].words,
        description: TOKENIZERS[of].description,
        recorded: TOKENIZERS[of].description,
        parameters: 0,
        licence: 'As its author says',
        base: null,
        notes: [],
        question: null,
      }
  }
  return fail(
    'bad-weights',
    `“${files[0]?.name ?? ''}” is no model that Inlay knows.`,
    'Choose the safetensors files themselves; of JSON files only a tokenizer.json is a model of its own.',
  )
}

async function identifyMatting(source: ByteSource, signal?: AbortSignal): Promise<Identified> {
  const header = await readOnnxHeader(source, signal)
  const config = mattingOf(header, source.name)
  if (header.external.length > 0)
    fail(
      'unsupported',
      `“${source.name}” keeps its weights in another file, “${header.external[0]}”.`,
      'Choose, or export, the model as one ONNX file.',
      `${header.external.length} files besides`,
    )
  const { name } = MATTING[config.of]
  const called = stem(source.name)
  return {
    kind: 'matting',
    family: 'matting',
    files: [source],
    config,
    // Published ones are often called model.onnx, model_fp16.onnx.
    name: /^model(?:_\w+)?$/i.test(called) ? name : called,
    description: `Cuts out, ${name}`,
    recorded: `Cuts out, ${config.of}`,
    parameters: header.parameters,
    licence: 'As its author says',
    base: null,
    notes: [],
    question: null,
  }
}

async function identifyPack(
  files: readonly ByteSource[],
  manifestFile: ByteSource,
  signal?: AbortSignal,
): Promise<Identified> {
  const read = readPackManifest(await readJson(manifestFile, signal))
  if (!read.ok)
    return fail(
      'bad-manifest',
      'The manifest of this pack is broken.',
      'Copy the pack again from where it came.',
      read.reason,
    )
  const manifest = read.value
  if (isBuiltIn(manifest))
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
    recorded: manifest.name,
    parameters: Object.values(manifest.tensors).reduce((sum, { shape }) => sum + product(shape), 0),
    licence: manifest.licence,
    base: baseOfManifest(manifest),
    notes: [],
    question: null,
  }
}

/** The family that a pack is a part of, where that can be told. */
export const baseOfManifest = (manifest: PackManifest): FamilyId | null =>
  manifest.family === 'lora' ? manifest.config.base : familyOf(manifest.family, manifest.config)

const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1)

const countNumbers = (shapes: Shapes): number =>
  [...shapes.values()].reduce((sum, { shape }) => sum + product(shape), 0)

/** A file's name without its ending and the number of its shard. */
const stem = (file: string): string =>
  file
    .replace(/\.(?:safetensors|json|onnx)$/i, '')
    .replace(/-\d{5}-of-\d{5}$/, '')
    .slice(0, 200)
