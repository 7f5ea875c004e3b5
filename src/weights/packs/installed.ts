/** Imported models in the browser's storage: what is there, opened, checked, renamed, removed. */
import { fail, problemOf, type Problem } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { shorten } from '@/base/names'
import type { FamilyId, TokenizerKind } from '@/families/registry'
import { isBuiltIn, type ImportedFamily, type LoraRole, type PackManifest } from '@/schema/pack'
import { readFile } from '@/storage/files'
import { fileBytes } from '@/weights/formats/bytes'
import { openCheckpoint, type Checkpoint } from '@/weights/formats/checkpoint'
import { discardDownloads } from '@/weights/import/downloadFolder'
import { sha256Of } from '@/weights/formats/hash'
import type { AdapterTarget } from '@/weights/lora/adapterFit'
import { baseOfManifest, targetOf } from '@/weights/import/identify'
import {
  aboutFile,
  MANIFEST,
  modelFolder,
  modelsFolder,
  readAbout,
  withModelLock,
  writeAbout,
  type About,
} from '@/weights/packs/modelFolder'
import { parseManifest } from '@/weights/packs/pack'
import { PackSource } from '@/weights/packs/packSource'
import type { WeightSource } from '@/weights/formats/source'

const AGAIN = 'Delete the model in the model manager and import it again.'

export interface InstalledPack {
  id: string
  /** With the name and the role that people have given it. */
  manifest: PackManifest
  /** sha256 of the manifest as stored: names the exact weights. */
  hash: string
  /** The network's parameters, read from disk tensor by tensor. */
  source(): WeightSource
  /** An adapter's tensors as its author named them. */
  checkpoint(): Promise<Checkpoint>
  /** One of the pack's files, e.g. `tokenizer.json`. @throws bad-weights when it is gone */
  file(name: string): Promise<File>
}

/** What the studio lists (the page's `InstalledModel`). */
export interface InstalledInfo {
  id: string
  family: ImportedFamily
  name: string
  hash: string
  bytes: number
  precision: string
  licence: string
  /** What was imported, whatever it is called now. */
  description?: string
  importedAt: number
  files: string[]
  parameters: number
  role: LoraRole | null
  tokenizerOf: TokenizerKind | null
  /** The kind of model that it is a part of, where that can be told. */
  base: FamilyId | null
  /** Of FLUX.2's transformers and text encoders: numbers of a text's token. */
  textWidth?: number
  problem: Problem | null
}

type Folder = FileSystemDirectoryHandle

async function requireFolder(id: string): Promise<Folder> {
  const folder = await modelFolder(id)
  return folder ?? fail('bad-weights', 'This model is not here any more.', 'Import it again.', id)
}

async function packFile(folder: Folder, name: string, bytes?: number): Promise<File> {
  const file = await readFile(folder, name)
  if (!file) return fail('bad-weights', `The model's file "${name}" is missing.`, AGAIN)
  if (bytes !== undefined && file.size !== bytes)
    fail(
      'bad-weights',
      `The model's file "${name}" is damaged.`,
      AGAIN,
      `expected ${bytes} bytes, found ${file.size}`,
    )
  return file
}

async function readManifest(folder: Folder): Promise<{ manifest: PackManifest; hash: string }> {
  const file = await readFile(folder, MANIFEST)
  if (!file)
    return fail(
      'bad-weights',
      'This model was never finished.',
      'Import it again: it goes on where it stopped.',
    )
  const bytes = new Uint8Array(await file.arrayBuffer())
  return { manifest: parseManifest(bytes, AGAIN), hash: await sha256(bytes) }
}

/** @throws bad-weights when it is gone or unfinished, bad-manifest */
export async function openInstalled(id: string): Promise<InstalledPack> {
  const folder = await requireFolder(id)
  const { manifest, hash } = await readManifest(folder)
  const about = await readAbout(folder)
  const checkpoint = async (): Promise<Checkpoint> =>
    openCheckpoint(
      await Promise.all(
        manifest.shards.map(async ({ file, bytes }) => fileBytes(await packFile(folder, file, bytes), file)),
      ),
    )
  return {
    id,
    manifest: withAbout(manifest, about),
    hash,
    source: () => new PackSource(manifest, checkpoint),
    checkpoint,
    file: (name) => packFile(folder, name, manifest.shards.find(({ file }) => file === name)?.bytes),
  }
}

function withAbout(manifest: PackManifest, about: About | null): PackManifest {
  if (!about) return manifest
  const named = { ...manifest, name: about.name }
  return named.family === 'lora' && about.role
    ? { ...named, config: { ...named.config, role: about.role } }
    : named
}

/** All packs, finished imports only; a broken one is listed with its problem. */
export async function listInstalled(): Promise<InstalledInfo[]> {
  const found: InstalledInfo[] = []
  for await (const [id, handle] of (await modelsFolder()).entries()) {
    if (handle.kind !== 'directory') continue
    const folder = handle as Folder
    if (await readFile(folder, MANIFEST)) found.push(await infoOf(id, folder))
  }
  return found.sort((a, b) => a.importedAt - b.importedAt || a.id.localeCompare(b.id))
}

/** What is installed and adapters can be for. */
export async function installedTargets(): Promise<AdapterTarget[]> {
  const targets: AdapterTarget[] = []
  for (const { id, name, problem } of await listInstalled()) {
    if (problem) continue
    const { manifest } = await openInstalled(id)
    const target = targetOf({ ...manifest, name }, Object.entries(manifest.tensors))
    if (target) targets.push(target)
  }
  return targets
}

/** What the studio shows of one pack. Never throws for a broken pack: the problem is part of what it shows. */
export async function infoOf(id: string, folder: Folder): Promise<InstalledInfo> {
  const about = await readAbout(folder)
  const info: InstalledInfo = {
    id,
    family: about?.family ?? 'fluxDit',
    name: about?.name ?? id,
    hash: '',
    bytes: 0,
    precision: about?.precision ?? 'as published',
    licence: '',
    importedAt: about?.importedAt ?? 0,
    files: about?.files ?? [],
    parameters: about?.parameters ?? 0,
    role: about?.role ?? null,
    tokenizerOf: null,
    base: null,
    problem: null,
  }
  try {
    const { manifest, hash } = await readManifest(folder)
    if (isBuiltIn(manifest)) return fail('bad-manifest', 'This pack is the built-in model.', AGAIN)
    info.family = manifest.family
    info.base = baseOfManifest(manifest)
    info.name = about?.name ?? manifest.name
    info.hash = hash
    info.licence = manifest.licence
    info.description = manifest.name
    info.bytes = manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0)
    if (manifest.family === 'lora') info.role = about?.role ?? manifest.config.role
    if (manifest.family === 'flux2Dit') info.textWidth = manifest.config.contextDim
    if (manifest.family === 'qwen3') info.textWidth = manifest.config.states.length * manifest.config.width
    if (manifest.family === 'tokenizer') info.tokenizerOf = manifest.config.of
    for (const { file, bytes } of manifest.shards) await packFile(folder, file, bytes)
  } catch (error) {
    info.problem = problemOf(error)
  }
  return info
}

/** The pack with these weights, or null. */
export async function findInstalled(hash: string): Promise<InstalledPack | null> {
  const info = (await listInstalled()).find((model) => model.hash === hash && !model.problem)
  return info ? openInstalled(info.id) : null
}

/**
 * Reads every shard again. @throws hash-mismatch or bad-weights naming the shard that is damaged
 */
export async function verifyInstalled(
  id: string,
  onProgress: (doneBytes: number, totalBytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const folder = await requireFolder(id)
  const { manifest } = await readManifest(folder)
  const total = manifest.shards.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const shard of manifest.shards) {
    const file = await packFile(folder, shard.file, shard.bytes)
    const count = (bytes: number): void => onProgress((done += bytes), total)
    const hash = await sha256Of(fileBytes(file, shard.file), count, signal)
    if (hash !== shard.sha256)
      fail(
        'hash-mismatch',
        `The model's file "${shard.file}" is damaged.`,
        AGAIN,
        `expected sha256 ${shard.sha256}, found ${hash}`,
      )
  }
}

/** Changes what people call a pack and what a LoRA is for; its hash stays. */
export async function renameInstalled(
  id: string,
  name: string,
  role: LoraRole | null,
): Promise<InstalledInfo> {
  const folder = await requireFolder(id)
  return withModelLock(id, async () => {
    const { files, importedAt, parameters, precision, family, role: before } = await infoOf(id, folder)
    await writeAbout(folder, {
      family,
      name: shorten(name.trim(), 200) || id,
      role: family === 'lora' ? (role ?? before) : null,
      precision,
      parameters,
      importedAt,
      files,
    })
    return infoOf(id, folder)
  })
}

export async function removeInstalled(id: string): Promise<void> {
  await requireFolder(id)
  await withModelLock(id, async () => (await modelsFolder()).removeEntry(id, { recursive: true }))
}

/** The pack's files as they lie there, to be copied elsewhere; dropped again they install without conversion. */
export async function filesOf(id: string): Promise<{ name: string; file: File }[]> {
  const folder = await requireFolder(id)
  const { manifest } = await readManifest(folder)
  const about = await aboutFile(folder)
  const names = [MANIFEST, ...manifest.shards.map(({ file }) => file)]
  const files = await Promise.all(names.map(async (name) => ({ name, file: await packFile(folder, name) })))
  return about ? [...files, { name: 'about.json', file: about }] : files
}

/** Throws away unfinished imports and downloads that nobody is working on. Bytes freed. */
export async function clearUnfinished(): Promise<number> {
  const root = await modelsFolder()
  let freed = 0
  for await (const [id, handle] of root.entries()) {
    if (handle.kind !== 'directory') continue
    const folder = handle as Folder
    if (await readFile(folder, MANIFEST)) continue
    try {
      freed += await withModelLock(id, async () => {
        const bytes = await folderBytes(folder)
        await root.removeEntry(id, { recursive: true })
        return bytes
      })
    } catch {
      // Somebody is at work in it.
    }
  }
  return freed + (await discardDownloads())
}

async function folderBytes(folder: Folder): Promise<number> {
  let bytes = 0
  for await (const handle of folder.values())
    if (handle.kind === 'file') bytes += (await (handle as FileSystemFileHandle).getFile()).size
  return bytes
}
