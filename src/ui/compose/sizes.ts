import type { Size } from '@/base/geometry'
import type { Message } from '@/words/say'

/** Shapes of a composed picture. */
export const SHAPES = [
  { label: '1:1', name: 'square', ratio: 1 },
  { label: '4:3', name: 'landscape', ratio: 4 / 3 },
  { label: '3:2', name: 'photo, landscape', ratio: 3 / 2 },
  { label: '16:9', name: 'wide', ratio: 16 / 9 },
  { label: '3:4', name: 'portrait', ratio: 3 / 4 },
  { label: '2:3', name: 'photo, portrait', ratio: 2 / 3 },
  { label: '9:16', name: 'tall', ratio: 9 / 16 },
] as const satisfies readonly { label: string; name: Message; ratio: number }[]
/** Sides of the square with the picture's area, px. */
export const AREAS = [512, 768, 1024] as const

const toGrid = (length: number): number => Math.min(2048, Math.max(256, Math.round(length / 16) * 16))

/** The size nearest to a shape and an area on the model's grid of 16 px. */
export function sizeOf(ratio: number, side: number): Size {
  return { width: toGrid(side * Math.sqrt(ratio)), height: toGrid(side / Math.sqrt(ratio)) }
}

/** The shape and the area that a size was chosen by; null where it was typed. */
export function choiceOf({ width, height }: Size): { ratio: number; side: number } | null {
  for (const { ratio } of SHAPES)
    for (const side of AREAS) {
      const size = sizeOf(ratio, side)
      if (size.width === width && size.height === height) return { ratio, side }
    }
  return null
}
