import { PlaceScene } from '@/schema/modes/place'
import type { Sample } from '@/ui/stores/shelf'
import * as v from 'valibot'

const SampleList = v.array(
  v.object({
    id: v.string(),
    title: v.string(),
    background: v.string(),
    foregrounds: v.pipe(
      v.array(
        v.object({
          name: v.string(),
          picture: v.string(),
          box: v.tuple([v.number(), v.number(), v.number(), v.number()]),
        }),
      ),
      v.minLength(1),
    ),
    scene: v.optional(v.pick(PlaceScene, ['camera', 'lights', 'ground'])),
  }),
)

/** The sample scenes that the studio ships; none where there are none or the list cannot be read. */
export async function loadSamples(baseUrl: string): Promise<Sample[]> {
  const folder = new URL('./samples/', baseUrl)
  try {
    const response = await fetch(new URL('samples.json', folder))
    if (!response.ok) return []
    const list = v.safeParse(SampleList, await response.json())
    if (!list.success) return []
    return list.output.map((sample) => ({
      ...sample,
      background: new URL(sample.background, folder).href,
      foregrounds: sample.foregrounds.map((one) => ({ ...one, picture: new URL(one.picture, folder).href })),
    }))
  } catch {
    // No list is not an error: vite's dev server answers a missing file with the page itself.
    return []
  }
}
