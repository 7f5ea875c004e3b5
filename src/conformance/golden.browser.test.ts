import { describe, expect, it } from 'vitest'

import { runConformance } from '@/conformance/run'

const folder = new URL('./golden/', import.meta.url).href
const runtimeUrl = new URL('/ort/', location.href).href

async function run(cases: string[], backends: ('cpu' | 'webgpu')[], arithmetic: 'exact' | 'fast' = 'exact') {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const tally = await runConformance({
    baseUrl: folder,
    runtimeUrl,
    folders: [],
    cases,
    taps: true,
    backends,
    arithmetic,
    log,
  })
  const errors = lines.map((line) => Number(/ error (\S+) /.exec(line)?.[1] ?? 0))
  return { ...tally, failures: lines.filter((line) => !line.endsWith('pass')), worst: Math.max(...errors) }
}

const DEVICE_CASES: [name: string, rows: number][] = [
  ['flux-dit', 16],
  ['flux-dit-bfl', 16],
  ['flux2-dit', 34],
  ['flux2-dit-bfl', 34],
  ['flux2-lora', 17],
  ['flux2-loop', 100],
  ['dreamfuse-dit', 40],
  ['dreamo-dit', 40],
  ['text-clip-l', 10],
  ['text-openclip-h', 7],
  ['text-t5', 9],
  ['text-qwen3', 13],
  ['vision-clip', 9],
  ['vision-siglip-redux', 6],
  ['vision-dinov2', 14],
  ['vision-dino1', 4],
  ['vmdiff', 44],
  ['sd-unet', 39],
  ['vae-16ch', 22],
  ['vae-4ch', 22],
  ['vae-flux2', 24],
  ['vae-flux2-small-decoder', 5],
]

/** Others run the same graphs and kernels: `npm run conformance` runs these on the software adapter too, a test run does not. */
const ON_CPU = [
  'flux-dit-bfl',
  'flux2-dit-bfl',
  'flux2-loop',
  'text-openclip-h',
  'vae-16ch',
  'vae-4ch',
  'vision-dino1',
  'vae-flux2-small-decoder',
]

describe.each(['cpu', 'webgpu'] as const)('golden cases on %s', (backend) => {
  it.each(DEVICE_CASES.filter(([name]) => backend === 'cpu' || !ON_CPU.includes(name)))(
    '%s',
    async (name, rows) => {
      const { passed, failures } = await run([name], [backend])
      expect(failures).toEqual([])
      expect(passed).toBeGreaterThanOrEqual(rows)
    },
    600_000,
  )
})

/** Least error of the worst row, or it was not fast: 3e-3 was seen here, 1e-4 of exact arithmetic. */
const FAST_AT_LEAST = 1e-3

it.each([
  ['flux-dit', 16],
  ['flux2-dit', 34],
])(
  'fast arithmetic: %s on webgpu',
  async (name, rows) => {
    const { passed, failures, worst } = await run([name], ['webgpu'], 'fast')
    expect(failures).toEqual([])
    expect(passed).toBeGreaterThanOrEqual(rows)
    expect(worst).toBeGreaterThan(FAST_AT_LEAST)
  },
  600_000,
)

// Sixty evaluations of the U-Net: `npm run conformance` runs them on the software adapter too, a test run does not.
it('dfusion on cpu', async () => {
  const { passed, failures } = await run(['dfusion'], ['cpu'])
  expect(failures).toEqual([])
  expect(passed).toBeGreaterThanOrEqual(120)
}, 600_000)

describe('golden cases of plain arithmetic', () => {
  it.each(['schedulers', 'noise-mt19937', 'qwen2-bpe'])('%s', async (name) => {
    const { passed, failures } = await run([name], [])
    expect(failures).toEqual([])
    expect(passed).toBeGreaterThan(80)
  })

  it('counts an unknown case as failed', async () => {
    expect((await run(['no-such-case'], ['cpu'])).failed).toBe(1)
  })
})
