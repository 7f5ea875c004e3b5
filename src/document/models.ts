/** Which installed packs a document's mode takes, and how strongly; what is missing, in words. */
import type { PackModel } from '@/document/mode'
import { modeOf } from '@/document/modes'
import {
  findPack,
  fitsBase,
  fitting,
  isOfKind,
  type KnownPack,
  type Need,
  type Requirement,
} from '@/document/packs'
import { PARTS } from '@/families/registry'
import { listWords, someWords } from '@/document/wording'
import type { FusionDocument } from '@/schema/document'
import type { ModelPart, ModelRef } from '@/schema/modelRef'
import { BUILT_IN_NAMES, type BuiltInFamily } from '@/schema/pack'

/** The family of the model that ships which the document's mode runs on; null where it runs on imported packs. */
export function builtInFamily(doc: FusionDocument): BuiltInFamily | null {
  const model = modeOf(doc).modelOf(doc)
  return model.kind === 'builtIn' ? model.family : null
}

export interface ModelChoice {
  model: ModelRef
  missing: Requirement[]
}

/**
 * The packs that the document's mode would take now, as a recipe names them, and what is missing.
 * @param builtIn the model that ships, for where the mode runs on that
 */
export function chooseModel(
  doc: FusionDocument,
  builtIn: ModelRef,
  packs: readonly KnownPack[],
): ModelChoice {
  const model = modeOf(doc).modelOf(doc)
  switch (model.kind) {
    case 'builtIn':
      return { model: { ...builtIn }, missing: [] }
    case 'none':
      return { model: { ...model.model }, missing: [] }
    case 'packs':
      return choosePacks(model.packs, doc.loras, packs)
  }
}

function choosePacks(
  { base, parts: requirements, main, nameOf }: PackModel,
  loras: FusionDocument['loras'],
  packs: readonly KnownPack[],
): ModelChoice {
  const parts: ModelPart[] = []
  const missing: Requirement[] = []
  const take = ({ family, name, hash }: KnownPack, weight: number) => {
    if (!parts.some((part) => part.hash === hash)) parts.push({ family, name, hash, weight })
  }
  const chosen = findPack(packs, main.kind, main.hash, main.prefers)
  const able = fitting(packs, chosen)
  for (const requirement of requirements) {
    const { kind, need, weight } = requirement
    const pack = kind === main.kind ? chosen : findPack(able, kind)
    if (!pack) missing.push(requirement)
    else if (need !== 'optional') take(pack, weight)
  }
  for (const { hash, weight } of loras) {
    const pack = packs.find((one) => one.hash === hash && one.family === 'lora' && one.problem === null)
    if (pack && fitsBase(pack, base)) take(pack, weight)
  }
  const named = parts.find(({ hash }) =>
    packs.some((pack) => pack.hash === hash && isOfKind(pack, main.kind)),
  )
  return { model: { name: nameOf(named?.name ?? null), hash: named?.hash ?? '', parts }, missing }
}

export interface ModelReadiness {
  /** Why the mode cannot run for lack of a model; empty when it can. */
  reasons: string[]
  /** What runs otherwise than somebody may expect. */
  warnings: string[]
}

/**
 * Says in words what is missing for the document's mode.
 * @param lacking built-in models that did not come with this studio, as far as that is known
 */
export function modelReadiness(
  doc: FusionDocument,
  packs: readonly KnownPack[],
  lacking: readonly BuiltInFamily[] = [],
): ModelReadiness {
  const model = modeOf(doc).modelOf(doc)
  if (model.kind === 'builtIn' && lacking.includes(model.family)) {
    const reason = `${BUILT_IN_NAMES[model.family]} does not come with this studio: choose another model.`
    return { reasons: [reason], warnings: [] }
  }
  if (model.kind !== 'packs') return { reasons: [], warnings: [] }
  const { missing } = choosePacks(model.packs, doc.loras, packs)
  const words = (need: Need) =>
    missing.filter((one) => one.need === need).map(({ kind }) => PARTS[kind].words)
  const [blocking, perPrompt, recommended] = [words('required'), words('perPrompt'), words('recommended')]
  const reasons =
    blocking.length > 0 ? [`${model.packs.subject} needs ${someWords(blocking)}: open Models.`] : []
  const warnings: string[] = []
  if (perPrompt.length > 0)
    warnings.push(`Without ${listWords(perPrompt)} only prompts that have run before can be used.`)
  if (recommended.length > 0) warnings.push(`Runs without ${listWords(recommended)}: not installed.`)
  const lost = doc.loras.filter(({ hash }) => !packs.some((pack) => pack.hash === hash && !pack.problem))
  if (lost.length > 0)
    warnings.push(`Runs without ${listWords(lost.map(({ name }) => `“${name}”`))}: not installed.`)
  return { reasons, warnings }
}
