import { checkRanges } from '@/backend/kernels/keyRanges'
import type { ResponseMapArgs } from '@/backend/kernels/responseMap/types'
import { fail } from '@/base/errors'

const MAX_HEAD_DIM = 128

/** Refuses what a kernel would read or write wrongly. @throws internal, unsupported */
export function checkResponseMap(args: ResponseMapArgs): void {
  const { batch, heads, headDim, sources, groups, queries, q, out, keyMask } = args
  const bad = (what: string): never =>
    fail('internal', `response_map: ${what}.`, 'This is a mistake in Inlay; please report it.')
  if (headDim < 1 || headDim > MAX_HEAD_DIM || !Number.isInteger(headDim))
    fail(
      'unsupported',
      `Maps of heads of ${headDim} channels are not supported, 1 to ${MAX_HEAD_DIM} are.`,
      'Switch the maps off for this model.',
    )
  if (q.dims[0] !== batch) bad(`batch ${batch} does not fit q`)
  if (sources.length < 1 || sources.length > 2) bad(`${sources.length} sources, one or two are possible`)
  if (keyMask && keyMask.length !== sources.length) bad('one mask per source is needed')
  for (const { k } of sources)
    if (k.dtype === 'float16' && headDim % 2 === 1)
      fail(
        'unsupported',
        `Half-precision keys need an even head size; this model has ${headDim}.`,
        'Keep its keys in float32.',
      )
  if (out.dims[0] !== batch || out.dims[1] !== groups.length)
    bad(`${batch} × ${groups.length} maps do not fit the output [${out.dims.join(', ')}]`)
  for (const keys of groups)
    checkRanges(
      'response_map',
      keys,
      sources.map(({ k }) => k),
    )
  for (const { start, length, lse, lseStart, outStart } of queries) {
    if (start < 0 || length < 0 || start + length > q.dims[1]) bad(`queries ${start}+${length} leave q`)
    if (lse.dims[0] !== batch || lse.dims[1] !== heads) bad('the log-sum-exp has other heads')
    if (lseStart < 0 || lseStart + length > lse.dims[2])
      bad(`rows ${lseStart}+${length} leave the log-sum-exp`)
    if (outStart < 0 || outStart + length > out.dims[2]) bad(`columns ${outStart}+${length} leave the output`)
  }
}
