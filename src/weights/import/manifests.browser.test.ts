/** Recipes name weights by their manifest's hash: the same files must give the same manifest for ever. */
import { afterEach, beforeEach, expect, it } from 'vitest'

import type { NetworkFamily } from '@/families/registry'
import { memoryBytes } from '@/weights/formats/bytes'
import { importModel } from '@/weights/import/importer'
import { clearModels, fileOf, loraPair, t5, type TestTensors } from '@/weights/testModels'
import { clipModel, sdSingleFile } from '@/weights/testSd'

beforeEach(clearModels)
afterEach(clearModels)

function loraOf(module: string, width: number): TestTensors {
  const tensors: TestTensors = {}
  loraPair(tensors, `${module}.lora_A.weight`, `${module}.lora_B.weight`, width, width)
  return tensors
}

const FLUX_MODULE = 'transformer.single_transformer_blocks.0.attn.to_q'
const UNET_MODULE = 'unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q'
const SD_FILE = 'v2-1_512-ema-pruned.safetensors'
const VISION = { width: 128, layers: 2, grid: 3, patch: 2 }

/** Hashes as the studio of November 2026 made them. */
it.each<[string, string, () => TestTensors, NetworkFamily | null, string]>([
  [
    'an adapter for FLUX',
    'a.safetensors',
    () => loraOf(FLUX_MODULE, 3072),
    null,
    'd516048f6199fbd76c1e3732288d4ce196a177148e13f8bf96399d0e57d2a339',
  ],
  [
    'an adapter for the U-Net',
    'b.safetensors',
    () => loraOf(UNET_MODULE, 1280),
    null,
    '557b48a0bae55003dd2546d590e84c7a7519d6ab14d32d69cf2e025748370bd0',
  ],
  [
    'a U-Net',
    SD_FILE,
    sdSingleFile,
    'unet',
    '6b583974bed2cc0713f0568f5b132e2542bcb0453a5735eb0abb9f79959e780e',
  ],
  [
    'an autoencoder',
    SD_FILE,
    sdSingleFile,
    'vae',
    'f4f97440d4fda8d34ff9dec7ff850faecf04cc87f320cd574b5e340a66b9b703',
  ],
  [
    'a text encoder',
    SD_FILE,
    sdSingleFile,
    'clipText',
    '80f053de9a31da6d47154f7f67703d20ba21d0e8f19cde0dc2b3aaf1b92e281a',
  ],
  [
    'a scorer',
    'clip.safetensors',
    () => clipModel(20, 64, 2, VISION),
    'clip',
    '21ac52e3f8055306d3aef92998f79f533d905d14c58ca5ac2758497b12074496',
  ],
  [
    'T5',
    't5.safetensors',
    () => t5(20, 16, 1, 2, 8, 24),
    null,
    '5a09045841308b0d315aa8d08cb58c9cd02d1d1aa3e55bf1ecae8e17aafa1a8e',
  ],
])('the manifest of %s has kept its hash', async (_, name, tensors, part, hash) => {
  const file = memoryBytes(fileOf(tensors(), 'F32'), name)
  const options = { precision: 'q4' as const, name: '', role: null, part }
  expect((await importModel([file], options)).hash).toBe(hash)
})
