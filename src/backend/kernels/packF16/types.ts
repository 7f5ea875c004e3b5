import { elements, type Tensor } from '@/backend/tensor'
import { fail } from '@/base/errors'

/**
 * How many values are to be packed from f32 to f16.
 * @throws internal when the tensors are of other types or do not hold as many values
 */
export function packedCount(source: Tensor, target: Tensor): number {
  const bad = (what: string): never =>
    fail('internal', `pack_f16: ${what}.`, 'This is a mistake in Inlay; please report it.')
  if (source.dtype !== 'float32' || target.dtype !== 'float16')
    bad(`from ${source.dtype} to ${target.dtype}, only float32 to float16 is possible`)
  const count = elements(source.dims)
  if (elements(target.dims) !== count)
    bad(`${source.label} has ${count} values, ${target.label} ${elements(target.dims)}`)
  return count
}
