import { expect, it } from 'vitest'

import type { Recipe } from '@/schema/recipe'
import { searchable } from '@/ui/dialogs/gallery/searchable'

it('finds a result by its prompt, model, seed and the names of its pictures', () => {
  const asset = (name: string) => ({ hash: 'a'.repeat(64), name, width: 2, height: 2 })
  const box = { x: 0, y: 0, width: 1, height: 1 }
  const recipe: Recipe = {
    ...{ schema: 2, mode: 'place', prompt: 'noon sun', seed: '77', steps: 4, strength: 1 },
    model: { name: 'Mini', hash: 'm', parts: [] },
    background: asset('kitchen.jpg'),
    foregrounds: [{ asset: asset('cup.png'), box, stretch: false, rotationDegrees: 0, flipX: false }],
  }
  for (const words of ['noon sun', 'Mini', 'seed 77', 'kitchen.jpg', 'cup.png'])
    expect(searchable({ recipe })).toContain(words)
})
