/** How a cut-out is held: all of a placement that its shape depends on. Moving and uniform scaling leave it. */
import type { Placement } from '@/assets/paste'

export interface Pose {
  flipX: boolean
  /** Clockwise, 0 or more and below 360. */
  rotationDegrees: number
  /** Width over height before it is turned, where it is stretched; null: its own. */
  aspect: number | null
}

/** Rounded to what can be seen, so that it names what was computed from it. */
export function poseOf({ flipX, rotationDegrees, stretch, box }: Placement): Pose {
  const turn = Number((((rotationDegrees % 360) + 360) % 360).toFixed(1))
  return {
    flipX,
    rotationDegrees: turn === 360 ? 0 : turn,
    aspect: stretch ? Number((box.width / box.height).toPrecision(3)) : null,
  }
}

/** Whether something stands on the ground, and how far above it hangs what does not, heights of its box. */
export interface Stand {
  /** Absent: it stands. */
  stands?: boolean
  lift?: number
}

/** Heights of its box above the ground; 0: it stands. */
export const liftOf = ({ stands = true, lift = 0 }: Stand): number => (stands ? 0 : lift)

/** Names a cut-out in a pose. @param hash the picture's */
export const poseKey = (hash: string, { flipX, rotationDegrees, aspect }: Pose): string =>
  [hash, flipX, rotationDegrees, aspect].join()
