import type { PackModel } from '@/document/mode'
import { required, type Requirement } from '@/document/packs'
import type { FusionDocument } from '@/schema/document'

/** The parts of Align on Stable Diffusion 2.x (specs: D-Fusion §2); the scorer ranks pictures and judges targets. */
function sdParts(): Requirement[] {
  return [
    required('unet'),
    required('sdText'),
    required('clipTokenizer'),
    required('sdVae'),
    { kind: 'scorer', need: 'recommended', weight: 1 },
  ]
}

export const stableDiffusion = ({ align }: FusionDocument): PackModel => ({
  title: 'SD 2.1',
  subject: 'Align',
  base: 'sd2',
  parts: sdParts(),
  main: { kind: 'unet', hash: align.unet },
  nameOf: (unetName) => unetName ?? 'Stable Diffusion',
})
