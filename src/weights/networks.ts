/** The networks that a checkpoint can hold. A single file may hold several, Stable Diffusion's holds three. */
import { clipLayout, clipTextLayout, findClip, findClipText } from '@/weights/clipLayout'
import type { Checkpoint } from '@/weights/checkpoint'
import { findFlux, fluxLayout } from '@/weights/fluxLayout'
import type { Layout, Shapes } from '@/weights/layout'
import { findT5, t5Layout } from '@/weights/t5Layout'
import { findUnet, unetLayout } from '@/weights/unetLayout'
import { findVae, vaeLayout } from '@/weights/vaeLayout'

export type NetworkFamily = Layout['family']

interface Network {
  isIn(shapes: Shapes): boolean
  /** @throws bad-weights or unsupported when it is of a kind that cannot be used */
  layout(checkpoint: Checkpoint, names: readonly string[]): Layout
  /** What it is called beside others of the same file. */
  words: string
}

/** In the order in which the parts of a file are offered. */
const NETWORKS: Readonly<Record<NetworkFamily, Network>> = {
  fluxDit: { isIn: (shapes) => findFlux(shapes) !== null, layout: fluxLayout, words: 'transformer' },
  unet: { isIn: (shapes) => findUnet(shapes) !== null, layout: unetLayout, words: 'U-Net' },
  vae: { isIn: (shapes) => findVae(shapes) !== null, layout: vaeLayout, words: 'autoencoder' },
  clip: { isIn: findClip, layout: clipLayout, words: 'CLIP' },
  clipText: {
    isIn: (shapes) => findClipText(shapes) !== null,
    layout: clipTextLayout,
    words: 'text encoder',
  },
  t5: { isIn: (shapes) => findT5(shapes) !== null, layout: t5Layout, words: 'T5' },
}

/** Every network whose tensors are there; a CLIP model with both towers is also a text encoder. */
export const networksOf = (shapes: Shapes): NetworkFamily[] =>
  (Object.keys(NETWORKS) as NetworkFamily[]).filter((family) => NETWORKS[family].isIn(shapes))

/**
 * One network of a checkpoint.
 * @param names the files', which tell what tensors do not
 * @throws bad-weights or unsupported, see the layouts
 */
export const layoutOf = (family: NetworkFamily, checkpoint: Checkpoint, names: readonly string[]): Layout =>
  NETWORKS[family].layout(checkpoint, names)

/** "text encoder" */
export const networkWords = (family: NetworkFamily): string => NETWORKS[family].words
