import { describe, expect, it } from 'vitest'

import { detectFace, likelyFace, squareIn } from '@/ui/compose/face'

describe('faces', () => {
  it('become squares inside the picture', () => {
    expect(squareIn({ x: 10, y: 20, width: 30, height: 50 }, { width: 200, height: 100 })).toEqual({
      x: 0,
      y: 20,
      width: 50,
      height: 50,
    })
    expect(squareIn({ x: 180, y: 0, width: 90, height: 500 }, { width: 200, height: 100 })).toEqual({
      x: 100,
      y: 0,
      width: 100,
      height: 100,
    })
  })

  it('are guessed in the upper middle', () => {
    const face = likelyFace({ width: 600, height: 900 })
    expect(face.width).toBe(face.height)
    expect(face.x + face.width / 2).toBe(300)
    expect(face.y + face.height / 2).toBe(300)
    const flat = likelyFace({ width: 900, height: 90 })
    expect(flat.y).toBeGreaterThanOrEqual(0)
  })

  it('are not looked for where the browser cannot', async () => {
    const image = { width: 1, height: 1, data: new Uint8ClampedArray(4) }
    expect(await detectFace({ image, scale: 1 })).toBeNull()
  })
})
