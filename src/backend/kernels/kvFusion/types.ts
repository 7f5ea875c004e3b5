import { elements, type Tensor } from '@/backend/tensor'
import { fail } from '@/base/errors'

/** Keys and values of one layer. */
export interface KeyValue {
  k: Tensor
  v: Tensor
}

/**
 * Replaces the target's keys and values by the reference's where the mask says so, in place:
 * k = m * k_reference + (1 - m) * k, and v alike, m being one number per token, the same for all heads and
 * channels (specs: D-Fusion §5). Where m is 0 the target keeps its bits, where it is 1 it gets the reference's.
 */
export interface KvFusionArgs {
  batch: number
  /** Channels of a token, all heads together. */
  width: number
  /** The layer's grid; its tokens run row by row. */
  grid: { rows: number; columns: number }
  /** f32 [batch, rows*columns, …], overwritten. */
  target: KeyValue
  /** f32 or packed f16 [batch, rows*columns, …]; each branch of the guidance is fused with its own. */
  reference: KeyValue
  /**
   * f32 [items, maskRows, maskColumns] in 0…1, resized to the grid by nearest (the cell floor(i * from / to)).
   * Batch item b takes mask b modulo items: guidance batches are [all unconditional; all conditional].
   */
  mask: Tensor
}

/** Refuses what a kernel would read or write wrongly. @throws internal */
export function checkKvFusion({ batch, width, grid, target, reference, mask }: KvFusionArgs): void {
  const bad = (what: string): never =>
    fail('internal', `kv_fusion: ${what}.`, 'This is a mistake in Inlay; please report it.')
  const size = batch * grid.rows * grid.columns * width
  for (const tensor of [target.k, target.v, reference.k, reference.v])
    if (elements(tensor.dims) !== size)
      bad(
        `${tensor.label} is [${tensor.dims.join(', ')}], ${batch} × ${grid.rows} × ${grid.columns} × ${width} needed`,
      )
  if (target.k.dtype !== 'float32' || target.v.dtype !== 'float32') bad('the target is not float32')
  if (reference.k.dtype !== reference.v.dtype || !['float32', 'float16'].includes(reference.k.dtype))
    bad(`the reference is ${reference.k.dtype} and ${reference.v.dtype}`)
  if (
    mask.dtype !== 'float32' ||
    mask.dims.length !== 3 ||
    elements(mask.dims) === 0 ||
    batch % mask.dims[0] !== 0
  )
    bad(`a mask [${mask.dims.join(', ')}] does not fit a batch of ${batch}`)
}
