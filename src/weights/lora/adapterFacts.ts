/** What an adapter file is, from its tensors' names and its file's name alone (specs: FLUX §9, DreamO §6, D-Fusion §9). */
import type { AdapterTargets, OtherAdapter, Role } from '@/families/family'
import { FAMILIES, FAMILY_IDS, rolesOf, type FamilyId } from '@/families/registry'
import type { LoraRole } from '@/schema/pack'
import type { Checkpoint } from '@/weights/formats/checkpoint'
import type { Shapes } from '@/families/layout'
import { fileAlpha } from '@/weights/lora/loraAlpha'

/** What the names of adapters' tensors end in, or begin with, in any dialect, those that cannot be used included. */
const OF_ADAPTER =
  /(?:^|[._])lora[._]?(?:A|B|E|down|up|mid|magnitude_vector|embedding_[AB])\b|_lora\d?\.(?:down|up)\.weight$|\.(?:dora_scale|on_input|diff|diff_b)$|\.(?:hada_|lokr_|b?oft_|glora_|vera_lambda_)|^lora_(?:unet|te\d?|transformer)_/

interface Dialect {
  name: string
  /** Matches the name of a module's first matrix, [rank, in]. */
  down: RegExp
}

/** In this order: the first that matches any tensor. */
const DIALECTS: readonly Dialect[] = [
  { name: 'PEFT', down: /^base_model\.model\..*\.lora_A(?:\.default)?\.weight$/ },
  { name: 'DreamO', down: /(?:double|single)_blocks_\d+.*_lora\d?\.down\.weight$/ },
  { name: 'XLabs', down: /(?:double|single)_blocks\.\d+\.processor\..*_lora\d?\.down\.weight$/ },
  { name: 'kohya', down: /^lora_[a-z0-9]+_.*\.lora_down\.weight$/ },
  { name: 'BFL', down: /(?:double|single)_blocks\.\d+\..*\.lora_A\.weight$/ },
  { name: 'older diffusers', down: /\.processor\.to_(?:q|k|v|out)_lora\.down\.weight$/ },
  { name: 'diffusers', down: /\.lora(?:_A|_down|\.down)(?:\.[\w-]+)?\.weight$/ },
]

export interface AdapterFacts {
  dialect: string
  rank: number
  alpha: number | null
  role: LoraRole
  /** What it adapts; null where that is a network that no mode uses, which `problem` names. */
  base: FamilyId | null
  /** Another family that it may be for as well: nothing in it tells. */
  alike: FamilyId | null
  problem: string
}

/** Facts about an adapter, or null where this is none. `fileNames` help to guess the role. */
export function adapterFacts(checkpoint: Checkpoint, fileNames: readonly string[]): AdapterFacts | null {
  const names = [...checkpoint.entries.keys()]
  if (!names.some((name) => OF_ADAPTER.test(name))) return null
  const { base, alike, problem } = baseOf(checkpoint, names, fileNames)
  const dialect = DIALECTS.find(({ down }) => names.some((name) => down.test(name)))
  const first = dialect && names.find((name) => dialect.down.test(name))
  return {
    dialect: dialect?.name ?? 'unknown',
    rank: Math.max(1, (first && checkpoint.entries.get(first)?.shape[0]) || 1),
    alpha: fileAlpha(checkpoint),
    role: base ? roleOf(base, names, fileNames) : 'other',
    base,
    alike,
    problem,
  }
}

function baseOf(
  { entries, metadata }: Checkpoint,
  names: readonly string[],
  fileNames: readonly string[],
): Pick<AdapterFacts, 'base' | 'alike' | 'problem'> {
  // What programs that train adapters write.
  const told = `${metadata['modelspec.architecture'] ?? ''} ${metadata.ss_base_model_version ?? ''}`
  const isIn = (pattern: RegExp | undefined): boolean =>
    pattern !== undefined && names.some((name) => pattern.test(name))
  const familyWith = (test: (targets: AdapterTargets) => boolean): FamilyId | undefined =>
    FAMILY_IDS.find((id) => test(FAMILIES[id].adapters))

  const sure = familyWith(({ marks, isIn: byShapes }) => isIn(marks) || (byShapes?.(entries) ?? false))
  if (!sure)
    for (const id of FAMILY_IDS) {
      const others: readonly OtherAdapter[] = FAMILIES[id].adapters.others
      const other = others.find((one) => isIn(one.modules) || one.trainedFor?.test(told))
      if (other) return { base: null, alike: null, problem: other.words }
    }
  const marked = sure ?? familyWith(({ trainedFor }) => trainedFor?.test(told) ?? false)
  const found = marked ?? familyWith(({ modules }) => isIn(modules))
  if (!found) return { base: null, alike: null, problem: 'another network than ours' }
  // What two families share decides nothing: then the file's name does, or what is likely.
  const other = marked ? undefined : familyWith(({ isAlike }) => isAlike?.(entries) ?? false)
  const chosen = other && decided([found, other], entries, fileNames)
  const base = chosen ?? found
  const alike = chosen ? null : (other ?? null)
  const targets: AdapterTargets = FAMILIES[base].adapters
  const relative = targets.relative?.(entries) ?? null
  return relative === null ? { base, alike, problem: '' } : { base: null, alike: null, problem: relative }
}

/** Which of two families an adapter is for, by the names of its files, else by what is likely; undefined where neither tells. */
function decided(
  families: readonly FamilyId[],
  shapes: Shapes,
  fileNames: readonly string[],
): FamilyId | undefined {
  const called = families.filter((id) => {
    const { called }: AdapterTargets = FAMILIES[id].adapters
    return fileNames.some((name) => called?.test(name))
  })
  if (called.length === 1) return called[0]
  return families.find((id) => (FAMILIES[id].adapters as AdapterTargets).isLikely?.(shapes))
}

/** DreamO publishes its embeddings apart for one of its two file sets. */
export const isDreamoEmbeddings = (shapes: Shapes): boolean =>
  shapes.size > 0 &&
  [...shapes.keys()].every((name) => /^dreamo_(?:task|idx|t5)_embedding\.weight$/.test(name))

/** By what travels with it, else by the authors' file names. */
function roleOf(base: FamilyId, tensors: readonly string[], fileNames: readonly string[]): LoraRole {
  const known = rolesOf(base)
  const roles: Partial<Record<string, Role>> = FAMILIES[base].roles
  const byTensors = known.find((role) => tensors.some((name) => roles[role]?.tensors?.test(name)))
  return byTensors ?? known.find((role) => fileNames.some((name) => roles[role]?.files.test(name))) ?? 'other'
}
