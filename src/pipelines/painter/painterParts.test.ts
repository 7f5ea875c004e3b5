import { readFileSync } from 'node:fs'

import * as v from 'valibot'
import { expect, it } from 'vitest'

import { openPainter2 } from '@/pipelines/painter/painterPictures'
import { checkPainter2 } from '@/pipelines/painter/painterParts'
import type { RunContext } from '@/pipelines/shared/engineMode'
import { Painter2Manifest } from '@/schema/pack'

const manifest = (): Painter2Manifest =>
  v.parse(
    Painter2Manifest,
    JSON.parse(readFileSync('src/pipelines/fixtures/painter2-tiny/manifest.json', 'utf8')),
  )

const ditOf = ({ config: { dit } }: Painter2Manifest) => {
  if (!dit) throw new Error('it has no Painter-D')
  return dit
}

const unetOf = ({ config: { unet } }: Painter2Manifest) => {
  if (!unet) throw new Error('it has no Painter-U')
  return unet
}

/** What the engine offers, as far as a pack is opened before anything of it is read. */
function context(broken: Painter2Manifest): RunContext<never> {
  const offered: Partial<RunContext<never>> = {
    builtIn: () => Promise.resolve({ manifest: broken, hash: '', url: '' }) as never,
    models: { always: (_, open) => open(), latest: (_, open) => open() },
  }
  return offered as RunContext<never>
}

it('lets parts that were made for each other pass, and a pack without painters', () => {
  expect(() => checkPainter2(manifest())).not.toThrow()
  const bare = manifest()
  delete bare.config.dit
  delete bare.config.unet
  expect(() => checkPainter2(bare)).not.toThrow()
})

it.each<[string, string, (one: Painter2Manifest) => void]>([
  ['another size', 'pixels per side: 64', ({ config }) => (config.size = 64)],
  ['other cells', 'pixels per cell: 4', ({ config }) => (config.autoencoder.channels = [4])],
  ['a word too many', 'words: 9, not 8', ({ words }) => words.push('more')],
  ['other tokens', 'channels of a token: 20, not 16', (one) => (ditOf(one).inChannels = 20)],
  ['other velocities', 'channels of a velocity: 64', (one) => (ditOf(one).outChannels = 64)],
  [
    'another latent',
    'channels of a token: 16, not 20',
    ({ config }) => (config.autoencoder.latentChannels = 5),
  ],
  ['other words', 'width of a word: 24, not 16', (one) => (ditOf(one).contextDim = 24)],
  [
    'another latent of Painter-U',
    'channels that Painter-U reads: 5, not 4',
    (one) => (unetOf(one).inChannels = 5),
  ],
  ['other noise', 'channels that Painter-U writes: 8, not 4', (one) => (unetOf(one).outChannels = 8)],
  ['other words of Painter-U', 'width of a word of Painter-U: 24', (one) => (unetOf(one).contextDim = 24)],
  ['no projection', 'no projection', ({ config }) => (config.scorer.text.projection = null)],
])('refuses %s before anything is read', async (_, detail, breakIt) => {
  const broken = manifest()
  breakIt(broken)
  await expect(openPainter2(context(broken))).rejects.toMatchObject({
    problem: {
      code: 'bad-manifest',
      hint: expect.stringContaining('Reload') as string,
      detail: expect.stringContaining(detail) as string,
    },
  })
})
