import type { CSSProperties } from 'react'

import type { Size } from '@/base/geometry'

/** Up to so many pixels per side a picture is shown as its plain pixels, at most four times as large: no blur passes for detail. */
const SMALL = 128

/** The frame around a picture of this size, as its element's attributes. @param state 'empty', 'waiting', 'mapped' */
export function frameOf({ width, height }: Size, state = ''): { className: string; style: CSSProperties } {
  const isSmall = Math.max(width, height) <= SMALL
  return {
    className: ['compose-frame', isSmall ? 'small' : '', state].filter((name) => name !== '').join(' '),
    style: { '--ratio': width / height, '--width': `${width}px` } as CSSProperties,
  }
}
