/** Sorts loosely dropped files into what belongs together: shards and their index, a model and its config. */
import type { ByteSource } from '@/weights/formats/bytes'
import { readJson, shardName, weightMap } from '@/weights/formats/checkpoint'
import { adapterFacts, isDreamoEmbeddings } from '@/weights/lora/adapterFacts'
import { openCheckpoint, type Checkpoint } from '@/weights/formats/checkpoint'
import {
  FAMILIES,
  NETWORK_FAMILIES,
  NETWORKS,
  networksIn,
  tokenizerOf,
  type NetworkFamily,
} from '@/families/registry'

type Side = 'lora' | NetworkFamily

/** JSON files that come with models and that nothing here needs. */
const NOT_NEEDED =
  /^(?:model_index|tokenizer_config|special_tokens_map|added_tokens|vocab|generation_config|preprocessor_config|scheduler_config)\.json$/

const SCHEDULER = 'scheduler_config.json'

/** What a config.json is for, by what it says of itself. */
function sideOf(json: unknown): Side | null {
  const given = (json ?? {}) as Record<string, unknown>
  const text = [given._class_name, given.model_type, given.architectures, given.peft_type].flat().join(' ')
  if (typeof given.lora_alpha === 'number' || /LORA/.test(text)) return 'lora'
  return NETWORK_FAMILIES.find((family) => NETWORKS[family].sideFile.test(text)) ?? null
}

/** Of a file that holds several networks, the first: their configs are needed for odd sizes only. */
const familyOf = (checkpoint: Checkpoint, names: readonly string[]): Side | null =>
  adapterFacts(checkpoint, names) ? 'lora' : (networksIn(checkpoint.entries)[0] ?? null)

interface Group<T extends ByteSource> {
  files: T[]
  family: Side | null
  names: ReadonlySet<string>
}

/**
 * Groups files; each group goes to `identify`, which says what is wrong with those that are nothing. Only headers and
 * JSON are read; a broken file is a group by itself.
 */
export async function groupFiles<T extends ByteSource>(files: readonly T[]): Promise<T[][]> {
  const json = new Map<T, unknown>()
  const unread: T[][] = []
  for (const file of files.filter(({ name }) => name.endsWith('.json')))
    try {
      json.set(file, await readJson(file))
    } catch {
      unread.push([file])
    }
  const left = new Set(files.filter(({ name }) => !name.endsWith('.json')))
  const take = (names: ReadonlySet<string>): T[] => {
    const taken = [...left].filter(({ name }) => names.has(name))
    for (const file of taken) left.delete(file)
    return taken
  }

  const packs: T[][] = []
  const sides: [T, unknown][] = []
  const tokenizers: T[][] = []
  const groups: T[][] = []
  for (const [file, content] of json) {
    const shards = (content as { shards?: unknown } | null)?.shards
    const index = weightMap(content)
    if (file.name === 'manifest.json' && Array.isArray(shards)) {
      const about = files.filter(({ name }) => name === 'about.json')
      const named = new Set(shards.map((shard) => String((shard as { file?: unknown } | null)?.file)))
      // A pack's JSON shards (adapter_config.json, tokenizer.json) are found below among the JSON files.
      const inJson = [...json.keys()].filter(({ name }) => named.has(name))
      packs.push([file, ...about, ...inJson, ...take(named)])
    } else if (index) groups.push([file, ...take(new Set(index.values()))])
    else sides.push([file, content])
  }
  const inPacks = new Set(packs.flat())
  for (const file of [...left]) {
    const shard = shardName(file.name)
    if (!left.has(file)) continue
    const same = shard
      ? [...left].filter(({ name }) => {
          const other = shardName(name)
          return other?.stem === shard.stem && other.count === shard.count
        })
      : [file]
    for (const each of same) left.delete(each)
    groups.push(same)
  }

  const known = await Promise.all(groups.map((group) => withFamily(group)))
  const alone = joinEmbeddings(known)
  // A folder may hold one U-Net in two precisions: its only scheduler is for both.
  const isOnly = sides.filter(([{ name }]) => name === SCHEDULER).length === 1
  for (const [file, content] of sides) {
    if (inPacks.has(file)) continue
    const side = sideOf(content)
    if (tokenizerOf(content)) tokenizers.push([file])
    else if (
      !attach(alone, file, side, isOnly && file.name === SCHEDULER) &&
      !NOT_NEEDED.test(file.name) &&
      !side
    )
      unread.push([file])
  }
  // Adapters come last: they are held against the models beside which they were dropped.
  const isAdapter = ({ family }: Group<T>): number => Number(family === 'lora')
  const models = alone.toSorted((a, b) => isAdapter(a) - isAdapter(b))
  return [...packs, ...models.map((group) => group.files), ...tokenizers, ...unread]
}

async function withFamily<T extends ByteSource>(files: T[]): Promise<Group<T>> {
  try {
    const checkpoint = await openCheckpoint(files)
    const names = files.map(({ name }) => name)
    return { files, family: familyOf(checkpoint, names), names: new Set(checkpoint.entries.keys()) }
  } catch {
    return { files, family: null, names: new Set() }
  }
}

/** DreamO's embeddings published apart go to the DreamO adapter that lacks them. */
function joinEmbeddings<T extends ByteSource>(groups: Group<T>[]): Group<T>[] {
  const embeddings = groups.filter(({ names }) =>
    isDreamoEmbeddings(new Map([...names].map((name) => [name, { shape: [] }]))),
  )
  const home = groups.find(
    ({ family, files, names }) =>
      family === 'lora' &&
      FAMILIES.flux.roles.dreamo.files.test(files[0].name) &&
      ![...names].some((name) => name.startsWith('dreamo_')),
  )
  if (!home) return groups
  for (const { files } of embeddings) home.files.push(...files)
  return groups.filter((group) => !embeddings.includes(group))
}

/** Puts a config into the one group that it can be for; false where there is none. */
function attach<T extends ByteSource>(
  groups: readonly Group<T>[],
  file: T,
  side: Side | null,
  isForAll: boolean,
): boolean {
  const fitting = groups.filter(
    ({ family, files }) => family === side && side !== null && !files.some(({ name }) => name === file.name),
  )
  // Two models of one family and one config: whose it is cannot be told, and only odd ones need it.
  if (fitting.length === 0 || (fitting.length > 1 && !isForAll)) return false
  for (const group of fitting) group.files.push(file)
  return true
}
