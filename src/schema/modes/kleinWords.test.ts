import { describe, expect, it } from 'vitest'

import { INSTRUCTIONS, kleinInstruction } from '@/schema/modes/kleinWords'

const all = { cutout: true, clean: true, stands: true }

describe('what klein is told', () => {
  it('is one of a few fixed texts without words of the user’s', () => {
    expect(new Set(INSTRUCTIONS).size).toBe(INSTRUCTIONS.length)
    expect(INSTRUCTIONS.length).toBeLessThanOrEqual(12)
    expect(INSTRUCTIONS[0]).toBe(kleinInstruction(all))
    expect(INSTRUCTIONS).toContain(kleinInstruction({ ...all, cutout: false }, { object: ' ', scene: '' }))
  })

  it('numbers the pictures as they come', () => {
    expect(kleinInstruction(all)).toMatch(/Image 2 shows the object alone.*Image 3 shows the photo/)
    expect(kleinInstruction({ ...all, cutout: false })).toMatch(/Image 2 shows the photo without/)
    expect(kleinInstruction({ ...all, cutout: false, clean: false })).not.toMatch(/Image [23]/)
  })

  it('names the object and ends with the scene', () => {
    const text = kleinInstruction(all, { object: 'a red cube', scene: 'A table at noon' })
    expect(text).toContain('a photo with a red cube pasted onto it')
    expect(text).toMatch(/A table at noon\.$/)
  })
})
