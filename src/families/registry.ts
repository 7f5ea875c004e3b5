/** The model families, and what is gathered from them. A new family is a folder beside this file and a line below. */
import type * as v from 'valibot'

import type { ModelFamily, Network, PackFacts, Part, Relative, Role, Tokenizer } from '@/families/family'
import { flux } from '@/families/flux'
import { flux2 } from '@/families/flux2'
import type { Shapes } from '@/families/layout'
import { sd2 } from '@/families/sd2'

/** In the order in which the studio lists them. */
export const FAMILIES = {
  flux,
  flux2,
  sd2,
} as const satisfies Record<string, ModelFamily>

export type FamilyId = keyof typeof FAMILIES
export const FAMILY_IDS = Object.keys(FAMILIES) as FamilyId[]

type Family = (typeof FAMILIES)[FamilyId]
/** Keys and values of one field over all families. */
type Gathered<K extends keyof ModelFamily> = UnionToIntersection<Family[K]>
type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void
  ? I
  : never

const all: readonly ModelFamily[] = Object.values(FAMILIES)

/** Networks by the name that manifests give them. */
export type NetworkFamily = keyof Gathered<'networks'>
export type ConfigOf<F extends NetworkFamily> = Gathered<'networks'>[F] extends {
  config: infer S extends v.GenericSchema
}
  ? v.InferOutput<S>
  : never
export const NETWORKS = gather<NetworkFamily, Network>(({ networks }) => networks)
/** In the order in which the networks of one file are offered. */
export const NETWORK_FAMILIES = (Object.keys(NETWORKS) as NetworkFamily[]).sort(
  (a, b) => NETWORKS[a].order - NETWORKS[b].order,
)

/** Tokenizers by the name that manifests give them. */
export type TokenizerKind = keyof Gathered<'tokenizers'>
export const TOKENIZERS = gather<TokenizerKind, Tokenizer>(({ tokenizers }) => tokenizers)
export const TOKENIZER_KINDS = Object.keys(TOKENIZERS) as TokenizerKind[]

/** What a LoRA is for: something that a mode needs, or an extra. */
export type LoraRole = keyof Gathered<'roles'> | 'other'
const ROLES = gather<Exclude<LoraRole, 'other'>, Role>(({ roles }) => roles)
export const LORA_ROLES: readonly LoraRole[] = [
  ...(Object.keys(ROLES) as Exclude<LoraRole, 'other'>[]),
  'other',
]

/** What modes are made of. A LoRA's kind is its role. */
export type PartKind = keyof Gathered<'parts'> | Exclude<LoraRole, 'other'>
export const PARTS: Readonly<Record<PartKind, Part>> = {
  ...gather<keyof Gathered<'parts'>, Part>(({ parts }) => parts),
  ...(Object.fromEntries(
    Object.entries(ROLES).map(([role, { sentence, guide }]): [string, Part] => [
      role,
      { words: sentence, guide, matches: (pack) => pack.family === 'lora' && pack.role === role },
    ]),
  ) as Record<Exclude<LoraRole, 'other'>, Part>),
}

export const RELATIVES: readonly Relative[] = all.flatMap(({ relatives }) => relatives)

function gather<K extends string, T>(of: (family: ModelFamily) => Readonly<Record<string, T>>): Record<K, T> {
  return Object.assign({}, ...all.map(of)) as Record<K, T>
}

/** The family that a network of this config belongs to, or null where it is of none or of any. */
export const familyOf = (network: string, config: unknown): FamilyId | null =>
  FAMILY_IDS.find((id) => FAMILIES[id].owns(network, config)) ?? null

/** The roles that a LoRA for a family can have. */
export const rolesOf = (family: FamilyId | null): readonly LoraRole[] =>
  family === null ? ['other'] : [...(Object.keys(FAMILIES[family].roles) as LoraRole[]), 'other']

/** What a role is called in a list. */
export const roleWords = (role: LoraRole): string =>
  role === 'other' ? 'Other: an extra that you add yourself' : ROLES[role].words

/** What a pack is, in a word or two. */
export function packWords({ family, role, tokenizerOf, base }: PackFacts): string {
  const owner = FAMILY_IDS.find((id) => id === base) ?? null
  if (family === 'matting') return 'Cuts out'
  if (family === 'tokenizer')
    return TOKENIZER_KINDS.filter((kind) => kind === tokenizerOf)
      .map((kind) => TOKENIZERS[kind].words)
      .join()
  if (family === 'lora') {
    if (rolesOf(owner).length === 1) return `LoRA, ${owner ? FAMILIES[owner].shortName : 'unknown'}`
    const known = LORA_ROLES.find((one) => one === role && one !== 'other')
    return `LoRA, ${known ? roleWords(known) : 'extra'}`
  }
  const namer: ModelFamily | undefined = owner
    ? FAMILIES[owner]
    : all.find((one) => Object.hasOwn(one.packWords, family))
  return namer?.packWords[family] ?? family
}

/** Every network whose tensors are there; what only looks like the one that is marked is left out. */
export function networksIn(shapes: Shapes): NetworkFamily[] {
  const found = NETWORK_FAMILIES.filter((family) => NETWORKS[family].isIn(shapes))
  const marked = found.filter((family) => isMarked(NETWORKS[family].marks, shapes))
  const isLookalike = (family: NetworkFamily): boolean =>
    marked.some((one) => NETWORKS[one].order === NETWORKS[family].order && !marked.includes(family))
  return found.filter((family) => !isLookalike(family))
}

function isMarked(marks: RegExp | undefined, shapes: Shapes): boolean {
  if (!marks) return false
  for (const name of shapes.keys()) if (marks.test(name)) return true
  return false
}

/** The relative of ours that the tensors are, and the tensor that tells; null where they are none. */
export function relativeIn(shapes: Shapes): { relative: Relative; tensor: string } | null {
  const marks = NETWORK_FAMILIES.map((family) => NETWORKS[family].marks).filter((one) => one !== undefined)
  for (const relative of RELATIVES)
    for (const tensor of shapes.keys())
      if (
        relative.pattern.test(tensor) &&
        !marks.some((one) => one.test(tensor)) &&
        !isMarked(relative.unless, shapes)
      )
        return { relative, tensor }
  return null
}

/** Which network a tokenizer.json is for, or null where it is for none of ours. */
export function tokenizerOf(json: unknown): TokenizerKind | null {
  const { model, added_tokens: given } = (json ?? {}) as { model?: unknown; added_tokens?: unknown }
  if (typeof model !== 'object' || model === null || Array.isArray(model)) return null
  const added = Array.isArray(given)
    ? given.map((token) => (token as { content?: unknown } | null)?.content)
    : []
  return (
    TOKENIZER_KINDS.find((kind) => TOKENIZERS[kind].isIn(model as Record<string, unknown>, added)) ?? null
  )
}
