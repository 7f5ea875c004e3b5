/** Whether the networks of Painter 2's pack were made for each other, said before any of them is read. */
import { fail } from '@/base/errors'
import { factorOf } from '@/nets/vae/vae'
import { PAINTER_SIDE, type Painter2Manifest } from '@/schema/pack'

/** Pixels per cell of the latent, along a side. */
export const CELL = 8

/** @throws bad-manifest with the first figure that does not fit */
export function checkPainter2({ config, words }: Pick<Painter2Manifest, 'config' | 'words'>): void {
  const { size, autoencoder, scorer, dit, unet } = config
  const { width, vocabulary, projection } = scorer.text
  const token = 4 * autoencoder.latentChannels
  const figures: [what: string, found: number, wanted: number][] = [
    ['pixels per side', size, PAINTER_SIDE],
    ['pixels per cell', factorOf(autoencoder), CELL],
    ['words', words.length, vocabulary],
  ]
  if (dit)
    figures.push(
      ['channels of a token', dit.inChannels, token],
      ['channels of a velocity', dit.outChannels, token],
      ['width of a word', dit.contextDim, width],
    )
  if (unet)
    figures.push(
      ['channels that Painter-U reads', unet.inChannels, autoencoder.latentChannels],
      ['channels that Painter-U writes', unet.outChannels, autoencoder.latentChannels],
      ['width of a word of Painter-U', unet.contextDim, width],
    )
  const wrong = figures.find(([, found, wanted]) => found !== wanted)
  if (wrong) unfit(`${wrong[0]}: ${wrong[1]}, not ${wrong[2]}`)
  if (projection === null) unfit('the scorer has no projection')
}

const unfit = (detail: string): never =>
  fail(
    'bad-manifest',
    'The parts of the built-in model do not fit each other.',
    'Reload the page; if it stays so, install the studio again.',
    detail,
  )
