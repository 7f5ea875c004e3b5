/** Cuts attention into dispatches that end soon. */
import { cutRows } from '@/backend/cutRows'
import type { QuerySegment, SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'

/** A multiple of every strategy's tile of queries, so that a cut leaves no tile half empty. */
const QUERY_MULTIPLE = 128

/** Arithmetic of one query of a segment: 4 * batch * keys * heads * headDim. */
function flopsPerQuery({ batch, heads, headDim }: SharedAttentionArgs, { keys }: QuerySegment): number {
  return 4 * batch * heads * headDim * keys.reduce((sum, { length }) => sum + length, 0)
}

/**
 * The same attention in parts of at most `flops`, or of the fewest queries that fill a tile. Queries know nothing of
 * each other: the bits do not depend on the cut.
 */
export function cutAttention(
  args: SharedAttentionArgs,
  flops: number,
): { args: SharedAttentionArgs; flops: number }[] {
  return args.queries.flatMap((query) => {
    const each = flopsPerQuery(args, query)
    return cutRows(query.length, flops / Math.max(1, each), QUERY_MULTIPLE).map(({ start, length }) => ({
      flops: length * each,
      args: {
        ...args,
        queries: [{ ...query, start: query.start + start, outStart: query.outStart + start, length }],
      },
    }))
  })
}
