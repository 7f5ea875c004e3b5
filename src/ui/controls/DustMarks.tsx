import type { ReactNode } from 'react'

import type { Rect, Size } from '@/base/geometry'

/** More marks say nothing more. */
const MOST = 200

/** Rings around specks of dust, over a picture that is shown in whatever size. */
export function DustMarks({ size, dust }: { size: Size; dust: readonly Rect[] }): ReactNode {
  if (dust.length === 0) return null
  const { width, height } = size
  const least = Math.max(width, height) / 60
  return (
    <svg className="dust-marks" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {dust.slice(0, MOST).map((one, index) => (
        <ellipse
          key={index}
          cx={one.x + one.width / 2}
          cy={one.y + one.height / 2}
          rx={Math.max(least, one.width * 0.75)}
          ry={Math.max(least, one.height * 0.75)}
        />
      ))}
    </svg>
  )
}
