import type { ReactNode } from 'react'

import type { Point } from '@/canvas/viewport'

interface GuideLineProps {
  /** css px. */
  points: Point[]
  dashed?: boolean
  faint?: boolean
}

/** A thin light line on a soft dark one, to be seen on every picture. */
export function GuideLine({ points, dashed, faint }: GuideLineProps): ReactNode {
  const path = `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`
  return (
    <g className={faint ? 'faint' : undefined}>
      <path className="halo" d={path} />
      <path className={dashed ? 'line dashed' : 'line'} d={path} />
    </g>
  )
}
