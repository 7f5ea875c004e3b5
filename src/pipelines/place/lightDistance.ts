import type { LightWish } from '@/base/lightWords'
import type { DrawnScene } from '@/nets/scene'
import type { PhotoScene } from '@/schema/modes/place'

/** How far a drawn scene is from a wish: 0 where it is just that, about 1 for every wish that it is not at all. */
export function farFrom(
  { side, elevation, sharpness }: LightWish,
  drawn: DrawnScene,
  { lights: [key] }: PhotoScene,
): number {
  let far = 0
  if (side) {
    const azimuth = (key.azimuthDegrees * Math.PI) / 180
    // A light near the zenith comes from no side.
    const level = Math.min(1, 1.5 * Math.cos((key.elevationDegrees * Math.PI) / 180))
    const towards = (side.x * Math.cos(azimuth) + side.z * Math.sin(azimuth)) / Math.hypot(side.x, side.z)
    far += (1 - level * towards) / 2
  }
  if (elevation !== null) far += Math.abs(key.elevationDegrees - elevation) / 60
  if (sharpness !== null) far += Math.abs(drawn.sharpness - sharpness)
  return far
}
