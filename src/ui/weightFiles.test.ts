import { expect, it } from 'vitest'

import { isWeightFile } from '@/ui/weightFiles'

it('weights are told from pictures by their names', () => {
  for (const name of [
    'flux1-dev.safetensors',
    'model.safetensors.index.json',
    'A.GGUF',
    'tokenizer.json',
    'x.pt',
    'x.pth',
    'u2netp.onnx',
  ])
    expect(isWeightFile({ name })).toBe(true)
  for (const name of ['cat.png', 'cat.jpg', 'model.png', 'safetensors', 'Pasted picture', 'x.webp'])
    expect(isWeightFile({ name })).toBe(false)
})
