/** DreamFuse's positional affine: from boxes to the map of foreground ids (specs: DreamFuse §4). */
import type { IdAffine } from '@/backend/kernels/ropeAffine/types'
import type { Rect } from '@/base/geometry'
import { COLUMN_AXIS, ROW_AXIS } from '@/nets/runner/tokens'

/**
 * Coefficients that carry the box `source` (where the object is in the foreground picture) onto `target`
 * (where it goes): x_target = a*x + tx, y_target = d*y + ty, pixels. Null boxes give the identity.
 */
export function boxAffine(
  target: Rect | null,
  source: Rect | null,
): { a: number; d: number; tx: number; ty: number } {
  if (!target || !source) return { a: 1, d: 1, tx: 0, ty: 0 }
  const a = target.width / source.width
  const d = target.height / source.height
  return { a, d, tx: target.x - source.x * a, ty: target.y - source.y * d }
}

/** The same map in token units of a `rows` x `columns` grid whose tokens are `patch` pixels wide. */
export function idAffine(
  box: { a: number; d: number; tx: number; ty: number },
  patch: number,
  rows: number,
  columns: number,
  mode: IdAffine['mode'],
): IdAffine {
  const map = { a: box.a, b: 0, c: 0, d: box.d, tx: box.tx / patch, ty: box.ty / patch }
  return { rowAxis: ROW_AXIS, columnAxis: COLUMN_AXIS, ...map, mode, rows, columns }
}
