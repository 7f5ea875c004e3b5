import { fail } from '@/base/errors'
import {
  missing,
  openAdaptersFor,
  openPart,
  openParts,
  type FindPack,
  type PackOf,
} from '@/pipelines/shared/modelSet'
import type { ModelPart } from '@/schema/modelRef'

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
    adapters: await openAdaptersFor('sd2', parts, find),
  }
  checkAlignSet(set)
  return set
}

/** @throws bad-recipe naming the first pack that does not fit the U-Net */
function checkAlignSet({ unet, vae, text }: AlignSet): void {
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
}
