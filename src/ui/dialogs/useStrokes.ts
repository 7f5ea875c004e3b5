import { useCallback, useMemo, useState } from 'react'

import { clamp, type Mask } from '@/base/geometry'
import { STROKE_SIZES } from '@/ui/dialogs/CutoutFields'
import type { StrokeBrush } from '@/ui/dialogs/StrokeLayer'
import { ownKeys } from '@/ui/keys'
import type { CutoutStroke } from '@/ui/studio'

const STEP = 1.25

/** Strokes that correct a cut-out, which can be undone one by one, and the brush that paints them. */
export function useStrokes() {
  const [brush, setBrush] = useState<StrokeBrush>({ size: 0.05, keep: true })
  const [{ strokes, undone }, setState] = useState<{ strokes: CutoutStroke[]; undone: CutoutStroke[] }>({
    strokes: [],
    undone: [],
  })
  const paint = useCallback(
    (stroke: Mask, keep: boolean) =>
      setState((now) => ({ strokes: [...now.strokes, { stroke, keep }], undone: [] })),
    [],
  )
  const undo = useCallback(
    () =>
      setState((now) => ({
        strokes: now.strokes.slice(0, -1),
        undone: [...now.undone, ...now.strokes.slice(-1)],
      })),
    [],
  )
  const redo = useCallback(
    () =>
      setState((now) => ({
        strokes: [...now.strokes, ...now.undone.slice(-1)],
        undone: now.undone.slice(0, -1),
      })),
    [],
  )
  const actions = useMemo<Record<string, () => void>>(() => {
    const resize = (by: number) => () =>
      setBrush(({ size, ...rest }) => ({ ...rest, size: clamp(size * by, ...STROKE_SIZES) }))
    return {
      'mod+z': undo,
      'mod+shift+z': redo,
      'mod+y': redo,
      x: () => setBrush(({ keep, ...rest }) => ({ ...rest, keep: !keep })),
      '[': resize(1 / STEP),
      ']': resize(STEP),
    }
  }, [undo, redo])

  return {
    ...{ brush, setBrush, strokes, undone, paint, undo, redo },
    /** The keys that the canvas has for the same. */
    onKeyDown: ownKeys(actions),
  }
}
