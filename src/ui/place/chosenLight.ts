import type { PlaceScene } from '@/schema/modes/place'
import { useDocument, useView } from '@/ui/studio'

/** The light that dial and handles move. */
export function useChosenLight(): { index: number; light: PlaceScene['lights'][number] } {
  const lights = useDocument((state) => state.document.scene.lights)
  const index = useView((state) => Math.min(state.light, lights.length - 1))
  return { index, light: lights[index] }
}
