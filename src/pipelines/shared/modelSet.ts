/** The packs that a recipe names, found by family. */
import { fail } from '@/base/errors'
import { FAMILIES, type FamilyId } from '@/families/registry'
import type { ManifestOf, PackFamily, PackManifest } from '@/schema/pack'
import type { ModelPart, ModelRef } from '@/schema/modelRef'
import type { Checkpoint } from '@/weights/formats/checkpoint'
import type { WeightSource } from '@/weights/formats/source'

/** An opened pack, wherever it is kept; nothing large is read before it is asked for. */
export interface PackProvider {
  readonly manifest: PackManifest
  /** sha256 of the manifest. */
  readonly hash: string
  source(): WeightSource
  checkpoint(): Promise<Checkpoint>
  file(name: string): Promise<Blob>
}

/** A pack whose family is known. */
export type PackOf<F extends PackFamily> = PackProvider & { readonly manifest: ManifestOf<F> }

/** Opens the installed pack of a part, by its hash; null where it is not installed. */
export type FindPack = (part: ModelPart) => Promise<PackProvider | null>

type PartFamily = ModelPart['family']

const isFamily = <F extends PackFamily>(pack: PackProvider | null, family: F): pack is PackOf<F> =>
  pack?.manifest.family === family

/** All parts of a family with their packs, in the recipe's order. @throws bad-recipe when a pack is of another family */
export async function openParts<F extends PartFamily>(
  parts: readonly ModelPart[],
  find: FindPack,
  family: F,
): Promise<{ part: ModelPart; pack: PackOf<F> | null }[]> {
  const found: { part: ModelPart; pack: PackOf<F> | null }[] = []
  for (const part of parts) {
    if (part.family !== family) continue
    const pack = await find(part)
    if (pack !== null && !isFamily(pack, family))
      fail(
        'bad-recipe',
        `The pack "${part.name}" is not what the recipe takes it for.`,
        'Choose the models for this mode again.',
        `expected ${family}, found ${pack.manifest.family}`,
      )
    found.push({ part, pack })
  }
  return found
}

/** The first part of a family. @param what "the FLUX transformer" @throws missing-asset; as `openParts` */
export async function openPart<F extends PartFamily>(
  parts: readonly ModelPart[],
  find: FindPack,
  family: F,
  what: string,
): Promise<PackOf<F>> {
  const [first] = await openParts(parts, find, family)
  return first?.pack ?? missing(what, first?.part.name)
}

/**
 * The adapters of a recipe with their strengths.
 * @throws missing-asset; bad-recipe when one was made for another model; as `openParts`
 */
export async function openAdaptersFor(
  base: FamilyId,
  parts: readonly ModelPart[],
  find: FindPack,
): Promise<{ pack: PackOf<'lora'>; weight: number }[]> {
  const adapters = await openParts(parts, find, 'lora')
  const found = adapters.map(({ part, pack }) => ({
    pack: pack ?? missing('an adapter (LoRA)', part.name),
    weight: part.weight,
  }))
  for (const { pack } of found) {
    const { name, config } = pack.manifest
    if (config.base !== base)
      fail(
        'bad-recipe',
        `The adapter "${name}" does not fit ${FAMILIES[base].name}.`,
        `Choose an adapter that was made for ${FAMILIES[base].name}.`,
        `made for ${config.base}`,
      )
  }
  return found
}

/** @throws missing-asset, always */
export function missing(what: string, name?: string): never {
  return fail(
    'missing-asset',
    `This needs ${what}, which is not installed.`,
    'Import it in the model manager.',
    name,
  )
}

/** What names a set of packs and the strengths of its adapters. */
export const keyOf = ({ parts }: ModelRef): unknown[] =>
  parts.map(({ family, hash, weight }) => [family, hash, weight])
