import { fluxTensorsIn } from '@/families/flux/transformer'
import { layoutSource } from '@/weights/formats/canonical'
import { checkpointOf } from '@/weights/formats/checkpoint'
import type { StoredTensor } from '@/weights/formats/safetensors'
import type { WeightSource } from '@/weights/formats/source'

/** A FLUX checkpoint in memory under canonical names, whatever its layout. @throws bad-weights when it is none */
export const fluxSource = (tensors: ReadonlyMap<string, StoredTensor>): WeightSource =>
  layoutSource(checkpointOf(tensors), fluxTensorsIn(tensors))
