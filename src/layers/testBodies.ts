import type { CutoutFeet } from './volume'

/** Something flat that stands upright on its box's bottom edge, as thick as a share of its longer side. */
export function billboardGeometry(thickness = 0): CutoutFeet {
  const flat = (value: number) => new Float32Array(1).fill(value)
  return {
    size: 1,
    square: { x: 0, y: 0, side: 1 },
    front: flat(0),
    back: flat(thickness),
    contact: flat(0),
  }
}
