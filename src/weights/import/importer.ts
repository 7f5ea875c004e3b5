/**
 * Imports a group of files as a pack in the browser's storage: converted shard by shard (networks) or copied (adapters,
 * tokenizers, packs). Every file is written as `.part`, read back, compared and only then gets its name; the journal
 * says which are done, so that a closed tab or a full disk costs one shard. The manifest comes last and makes it a model.
 */
import { createSHA256 } from 'hash-wasm'

import { fail, problemOf } from '@/base/errors'
import { macrotask } from '@/base/macrotask'
import { sha256 } from '@/base/sha256'
import { shorten } from '@/base/names'
import type { LoraConfig, LoraRole, PackManifest } from '@/schema/pack'
import { readFile, removeFile, writeFile } from '@/storage/files'
import { estimateStorage, isQuotaError } from '@/storage/quota'
import { fileBytes, type ByteSource } from '@/weights/formats/bytes'
import { ShardBuilder } from '@/weights/import/convert'
import { fingerprint, sha256Of } from '@/weights/formats/hash'
import { identify, partsOf, type Identified } from '@/weights/import/identify'
import { planImport, type ImportPlan } from '@/weights/import/importPlan'
import type { AdapterTarget } from '@/weights/lora/adapterFit'
import { infoOf, type InstalledInfo } from '@/weights/packs/installed'
import {
  MANIFEST,
  modelFolder,
  readJournal,
  removeJournal,
  withModelLock,
  writeAbout,
  writeJournal,
  type Journal,
} from '@/weights/packs/modelFolder'
import { MATTING_FILE } from '@/families/matting'
import { NETWORKS, rolesOf, type NetworkFamily } from '@/families/registry'
import type { Precision } from '@/families/family'
import { Pace } from '@/weights/import/pace'

export interface ImportProgress {
  stage: 'convert' | 'verify'
  doneBytes: number
  totalBytes: number
  secondsLeft: number | null
}

export interface ImportOptions {
  precision: Precision
  /** '' takes the files' own. */
  name: string
  /** For LoRAs: null takes the guess. */
  role: LoraRole | null
  /** Which network is meant where the files hold several; null: the first. */
  part?: NetworkFamily | null
  /** The answer to the files' question, by number; null or absent: the usual one. */
  answer?: number | null
  /** Models that an adapter is held against; null: it was when it was looked at. */
  targets?: readonly AdapterTarget[] | null
  signal?: AbortSignal
  onProgress?: (progress: ImportProgress) => void
  /** Smaller chunks and shards, for tests. */
  limits?: { chunk: number; shard: number }
}

/** Changes when packs of the same files would come out otherwise. */
const VERSION = 1

const PRECISIONS: Readonly<Record<Precision, string>> = { q4: '4-bit', q8: '8-bit', f16: 'f16' }

/** One file of the pack to come. */
interface Task {
  file: string
  bytes: number
  /** Known before only where a pack is copied. */
  sha256: string | null
  /** Writes the file, checked; its sha256. `onBytes` hears how many of its bytes are new. */
  write(folder: FileSystemDirectoryHandle, onBytes: (bytes: number) => void): Promise<string>
}

/** What an import would write, before anything is written. */
export interface PreparedImport {
  id: string
  found: Identified
  plan: ImportPlan | null
  precision: Precision
  /** Bytes of the finished pack. */
  bytes: number
}

/** Bytes of a network's pack, planned; what is copied has none. */
export const planOf = (
  found: Identified,
  precision: Precision,
  limits?: ImportOptions['limits'],
): ImportPlan | null => (found.kind === 'network' ? planImport(found.layout, precision, limits) : null)

/** Whether a network has anything that the precision changes. */
export const hasPrecision = (found: Identified): boolean =>
  found.kind === 'network' &&
  [...found.layout.tensors.values()].some(({ kind }) => kind === 'linear' || kind === 'once')

/** Plans an import; the same files and precision give the same id, whatever they are called. */
export async function prepareImport(
  found: Identified,
  wanted: Precision,
  limits?: ImportOptions['limits'],
): Promise<PreparedImport> {
  const precision = hasPrecision(found) ? wanted : 'f16'
  const files = found.kind === 'pack' ? [found.manifestFile] : found.files
  const prints = await Promise.all(files.map((file) => fingerprint(file)))
  const told = found.kind === 'network' && NETWORKS[found.family].isToldByNames ? [found.layout.config] : []
  const key = JSON.stringify([VERSION, found.family, precision, prints.sort(), ...told])
  const id = (await sha256(new TextEncoder().encode(key))).slice(0, 20)
  const plan = planOf(found, precision, limits)
  return {
    id,
    found,
    plan,
    precision,
    bytes: plan?.bytes ?? found.files.reduce((sum, { size }) => sum + size, 0),
  }
}

/** Bytes that an unfinished import of the same files has written already. */
export async function resumableBytes({ id }: PreparedImport): Promise<number> {
  const folder = await modelFolder(id)
  const journal = folder && !(await readFile(folder, MANIFEST)) ? await readJournal(folder) : null
  return journal?.shards.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0
}

/**
 * Imports files that belong together; returns at once what is there already. An aborted signal rejects with its reason
 * and keeps what is written, for the next attempt.
 * @throws all of `identify`'s; storage-full saying what is needed; hash-mismatch when what was written reads otherwise
 */
export async function importModel(
  files: readonly ByteSource[],
  options: ImportOptions,
): Promise<InstalledInfo> {
  const { signal, part, answer, targets = null } = options
  const found = await identify(files, { signal, part, answer, targets })
  const prepared = await prepareImport(found, options.precision, options.limits)
  return withModelLock(prepared.id, () => run(prepared, options))
}

/**
 * Imports every network of the files, one after the other, in the order in which they are offered. Beside one that can be
 * used, those that no mode can use are left out: a CLIP model that scores has a text encoder that none reads with.
 * @throws as `importModel`; what is imported by then stays
 */
export async function importParts(
  files: readonly ByteSource[],
  options: ImportOptions,
): Promise<[InstalledInfo, ...InstalledInfo[]]> {
  const [first, ...others] = await partsOf(files, options.signal)
  if (first === undefined) return [await importModel(files, options)]
  const name = options.name.trim()
  const importPart = (part: NetworkFamily) =>
    importModel(files, { ...options, part, name: name && `${name}, ${NETWORKS[part].words}` })
  const models: [InstalledInfo, ...InstalledInfo[]] = [await importPart(first)]
  for (const part of others)
    try {
      models.push(await importPart(part))
    } catch (error) {
      if (problemOf(error).code !== 'unsupported') throw error
    }
  return models
}

async function run(prepared: PreparedImport, options: ImportOptions): Promise<InstalledInfo> {
  const { id, found } = prepared
  const { signal, onProgress } = options
  const folder = (await modelFolder(id, true))!
  if (!(await readFile(folder, MANIFEST))) {
    const tasks = found.kind === 'network' ? shardTasks(prepared, found, signal) : copyTasks(found, signal)
    const journal = await openJournal(folder, tasks)
    const doneBytes = journal.shards.reduce((sum, { bytes }) => sum + bytes, 0)
    await requireRoom(prepared.bytes - doneBytes)
    await runTasks(folder, tasks, journal, prepared.bytes, signal, onProgress)
    const bytes =
      found.kind === 'pack'
        ? await found.manifestFile.read(0, found.manifestFile.size, signal)
        : new TextEncoder().encode(JSON.stringify(manifestOf(prepared, journal, options.role)))
    const precision = precisionText(prepared)
    const role = found.kind === 'lora' ? roleOf(found.config, options.role) : null
    const family = found.family as InstalledInfo['family']
    await guard(prepared.bytes, async () => {
      await writeAbout(folder, {
        family,
        name: shorten(options.name.trim(), 200) || found.name,
        role: found.kind === 'pack' ? options.role : role,
        precision,
        parameters: found.parameters,
        importedAt: Date.now(),
        files: found.files.map(({ name }) => name),
      })
      await writeFile(folder, MANIFEST, bytes)
    })
    await removeJournal(folder)
  }
  return infoOf(id, folder)
}

function precisionText({ found, precision, plan }: PreparedImport): string {
  if (found.kind === 'pack') {
    const formats = new Set(Object.values(found.manifest.tensors).map(({ format }) => format))
    return formats.has('q4')
      ? '4-bit'
      : formats.has('q8')
        ? '8-bit'
        : formats.has('f16')
          ? 'f16'
          : 'as published'
  }
  if (!plan) return 'as published'
  if (hasPrecision(found)) return PRECISIONS[precision]
  return Object.values(plan.tensors).some(({ format }) => format === 'f16') ? 'f16' : 'f32'
}

async function runTasks(
  folder: FileSystemDirectoryHandle,
  tasks: readonly Task[],
  journal: Journal,
  totalBytes: number,
  signal: AbortSignal | undefined,
  onProgress: ImportOptions['onProgress'],
): Promise<void> {
  const pace = new Pace()
  let doneBytes = journal.shards.reduce((sum, { bytes }) => sum + bytes, 0)
  const tell = (): void =>
    onProgress?.({
      stage: 'convert',
      doneBytes,
      totalBytes,
      secondsLeft: pace.secondsLeft(doneBytes, totalBytes),
    })
  tell()
  for (const task of tasks) {
    if (journal.shards.some(({ file }) => file === task.file)) continue
    signal?.throwIfAborted()
    const hash = await guard(totalBytes - doneBytes, () =>
      task.write(folder, (bytes) => {
        doneBytes += bytes
        tell()
      }),
    )
    if (task.sha256 !== null && hash !== task.sha256) {
      await removeFile(folder, task.file).catch(() => false)
      damaged(task.file, task.sha256, hash)
    }
    journal.shards.push({ file: task.file, bytes: task.bytes, sha256: hash })
    await guard(totalBytes - doneBytes, () => writeJournal(folder, journal))
    await macrotask()
  }
}

/** The journal of an earlier attempt, without what is not there (any more) or would come out otherwise. */
async function openJournal(folder: FileSystemDirectoryHandle, tasks: readonly Task[]): Promise<Journal> {
  const journal: Journal = { schema: 1, shards: [] }
  for (const shard of (await readJournal(folder))?.shards ?? []) {
    const task = tasks.find(({ file, bytes }) => file === shard.file && bytes === shard.bytes)
    const file = await readFile(folder, shard.file)
    if (task && file?.size === shard.bytes) journal.shards.push(shard)
  }
  return journal
}

function shardTasks(
  { plan }: PreparedImport,
  { checkpoint }: Extract<Identified, { kind: 'network' }>,
  signal?: AbortSignal,
): Task[] {
  const builder = new ShardBuilder(checkpoint)
  return plan!.shards.map((shard) => ({
    file: shard.file,
    bytes: shard.bytes,
    sha256: null,
    write: async (folder, onBytes) => {
      const bytes = await builder.build(shard, onBytes, signal)
      const hash = await sha256(bytes)
      await writeFile(folder, shard.file, bytes, async (written) => {
        const found = await sha256(new Uint8Array(await written.arrayBuffer()))
        if (found !== hash) damaged(shard.file, hash, found)
      })
      return hash
    },
  }))
}

/** What is a single file has one name in every pack. */
const KEPT_AS: Partial<Record<Identified['kind'], string>> = {
  tokenizer: 'tokenizer.json',
  matting: MATTING_FILE,
}

function copyTasks(found: Exclude<Identified, { kind: 'network' }>, signal?: AbortSignal): Task[] {
  const shards = found.kind === 'pack' ? found.manifest.shards : null
  return found.files.map((source) => {
    const file = KEPT_AS[found.kind] ?? plainName(source.name)
    return {
      file,
      bytes: source.size,
      sha256: shards?.find((shard) => shard.file === source.name)?.sha256 ?? null,
      write: async (folder, onBytes) => {
        const read = await createSHA256()
        const pieces = piecesOf(source, (bytes) => (read.update(bytes), onBytes(bytes.length)), signal)
        let hash = ''
        await writeFile(folder, file, pieces, async (written) => {
          hash = read.digest('hex')
          const found = await sha256Of(fileBytes(written, file), undefined, signal)
          if (found !== hash) damaged(file, hash, found)
        })
        return hash
      },
    }
  })
}

const PIECE = 8 * 2 ** 20

async function* piecesOf(source: ByteSource, onPiece: (bytes: Uint8Array) => void, signal?: AbortSignal) {
  for (let at = 0; at < source.size; at += PIECE) {
    signal?.throwIfAborted()
    const bytes = await source.read(at, Math.min(source.size, at + PIECE), signal)
    onPiece(bytes)
    yield bytes
  }
}

const plainName = (name: string): string => name.replace(/[^\w.-]/g, '_')

/** An adapter has the roles of its family. */
const roleOf = ({ base, role }: LoraConfig, chosen: LoraRole | null): LoraRole =>
  rolesOf(base).find((one) => one === (chosen ?? role)) ?? 'other'

/** Without names of files or dates: the same weights have the same manifest, hence the same hash. */
function manifestOf(
  { found, plan, precision }: PreparedImport,
  journal: Journal,
  role: LoraRole | null,
): PackManifest {
  const common = {
    schema: 1 as const,
    name: found.recorded,
    licence: found.licence,
    provenance: { importer: VERSION, ...(plan ? { precision } : {}) },
    tensors: plan?.tensors ?? {},
    shards: journal.shards.toSorted((a, b) => a.file.localeCompare(b.file)),
  }
  switch (found.kind) {
    case 'network':
      return { ...common, family: found.family, config: found.layout.config } as PackManifest
    case 'lora':
      return { ...common, family: 'lora', config: { ...found.config, role: roleOf(found.config, role) } }
    case 'tokenizer':
      return { ...common, family: 'tokenizer', config: found.config }
    case 'matting':
      return { ...common, family: 'matting', config: found.config }
    case 'pack':
      return found.manifest
  }
}

function damaged(file: string, expected: string, found: string): never {
  fail(
    'hash-mismatch',
    `The file "${file}" is damaged.`,
    'Import it again; if it happens again, the disk or the copy that you import from is faulty.',
    `expected sha256 ${expected}, found ${found}`,
  )
}

const inGB = (bytes: number): string => `${(Math.max(0, bytes) / 1e9).toFixed(2)} GB`

/** @throws storage-full when the browser says that the pack will not fit */
async function requireRoom(bytes: number): Promise<void> {
  const { usedBytes, quotaBytes } = await estimateStorage()
  if (usedBytes === null || quotaBytes === null || quotaBytes - usedBytes >= bytes) return
  full(bytes, `${inGB(quotaBytes - usedBytes)} are free for the studio`)
}

function full(bytes: number, detail: string): never {
  fail(
    'storage-full',
    `The browser's storage is full: this model needs ${inGB(bytes)} more.`,
    'Delete models or results that you no longer need, or free space on this device, then import again: it goes on where it stopped.',
    detail,
  )
}

/** Storage errors in our words; all others pass. */
async function guard<T>(bytesLeft: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isQuotaError(error)) full(bytesLeft, String(error))
    throw error
  }
}
