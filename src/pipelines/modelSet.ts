/** The packs that a recipe names, found by family; and the set of them that Align works with. */
import { fail } from '@/base/errors'
import type { ManifestOf, PackFamily, PackManifest } from '@/schema/pack'
import type { ModelPart } from '@/schema/recipe'
import type { Checkpoint } from '@/weights/checkpoint'
import type { WeightSource } from '@/weights/source'

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

/** The adapters of a recipe with their strengths. @throws missing-asset; as `openParts` */
export async function openAdapterParts(
  parts: readonly ModelPart[],
  find: FindPack,
): Promise<{ pack: PackOf<'lora'>; weight: number }[]> {
  const adapters = await openParts(parts, find, 'lora')
  return adapters.map(({ part, pack }) => ({
    pack: pack ?? missing('an adapter (LoRA)', part.name),
    weight: part.weight,
  }))
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

/** Align's packs: Stable Diffusion 2.x in parts. */
export interface AlignSet {
  unet: PackOf<'unet'>
  vae: PackOf<'vae'>
  text: PackOf<'clipText'>
  tokenizer: PackOf<'tokenizer'>
  /** Both towers of CLIP; null where pictures are not scored. */
  scorer: PackOf<'clip'> | null
  adapters: readonly { pack: PackOf<'lora'>; weight: number }[]
}

/**
 * Finds Align's packs among a recipe's parts and checks that they belong together.
 * @throws missing-asset naming the first part that is needed and not there; bad-recipe when a part's pack is of another
 * family or made for another model
 */
export async function openAlignSet(parts: readonly ModelPart[], find: FindPack): Promise<AlignSet> {
  const unet = await openPart(parts, find, 'unet', "Stable Diffusion's U-Net")
  const vae = await openPart(parts, find, 'vae', "Stable Diffusion's autoencoder (VAE)")
  const text = await openPart(parts, find, 'clipText', "Stable Diffusion's text encoder (OpenCLIP)")
  const tokenizers = await openParts(parts, find, 'tokenizer')
  const tokenizer = tokenizers.find(({ pack }) => pack?.manifest.config.of === 'clip')?.pack
  const [scorer] = await openParts(parts, find, 'clip')
  const set: AlignSet = {
    unet,
    vae,
    text,
    tokenizer: tokenizer ?? missing("CLIP's tokenizer"),
    scorer: scorer ? (scorer.pack ?? missing('the CLIP model that scores', scorer.part.name)) : null,
    adapters: await openAdapterParts(parts, find),
  }
  checkAlignSet(set)
  return set
}

/** @throws bad-recipe naming the first pack that does not fit the U-Net */
function checkAlignSet({ unet, vae, text, adapters }: AlignSet): void {
  const { contextDim, inChannels } = unet.manifest.config
  const misfit = (what: string, hint: string, detail: string): never =>
    fail('bad-recipe', `${what} does not fit this U-Net.`, hint, detail)
  const { width } = text.manifest.config
  if (width !== contextDim)
    misfit(
      'The text encoder',
      "Import Stable Diffusion 2's own text encoder: CLIP-L is FLUX's.",
      `expected width ${contextDim}, found ${width}`,
    )
  const { latentChannels } = vae.manifest.config
  if (latentChannels !== inChannels)
    misfit(
      'The autoencoder',
      "Import Stable Diffusion's own autoencoder (VAE): FLUX's has 16 channels.",
      `expected ${inChannels} latent channels, found ${latentChannels}`,
    )
  for (const { pack } of adapters)
    if (pack.manifest.config.base !== 'sd2')
      misfit(
        `The adapter "${pack.manifest.name}"`,
        'Choose an adapter that was made for Stable Diffusion 2.',
        `made for ${pack.manifest.config.base}`,
      )
}
